#include "actors/door.hpp"

#include "actors/replies.hpp"
#include "config/log.hpp"
#include "protocol/stream_token.hpp"

#include <caf/send.hpp>

#include <utility>

namespace carillon::actors {

void door::answer(query::profile what, const reply_to& reply) {
  with_user(what.user, reply, [reply](const user_ptr& user) { reply(reply_value{user}); });
}

// A token of a day is given again while it has more than an hour left. That the store is away costs
// that, not the token.
void door::answer(query::stream_token what, const reply_to& reply) {
  if (what.ttl != long_token_ttl || !house_->tokens.ready()) {
    give_fresh_token(what, reply);
    return;
  }
  read_store({[this, what, reply](record_store& store) {
                auto kept = store.token_of(what.user);
                if (!kept)
                  log::warn("stream_token_not_read", {{"why", kept.error().message()}});
                auto again = kept && *kept ? house_->tokens.unseal(what.user, (*kept)->sealed,
                                                                   now(), token_refresh)
                                           : std::nullopt;
                if (again)
                  reply(reply_value{std::move(*again)});
                else
                  give_fresh_token(what, reply);
              },
              [this, what, reply](const failure& why) {
                log::warn("stream_token_not_read", {{"why", why.message()}});
                give_fresh_token(what, reply);
              }});
}

void door::give_fresh_token(const query::stream_token& what, const reply_to& reply) {
  auto at = now();
  auto made = house_->tokens.make(what.user, at, what.ttl);
  if (!made) {
    reply(made.error());
    return;
  }
  stored_token row{what.user, house_->tokens.seal(what.user, *made), made->expires_at, at};
  caf::anon_send(house_->persistence,
                 put{std::move(row), {}, 0, reply_with(reply_value{std::move(*made)}, reply)});
}

} // namespace carillon::actors
