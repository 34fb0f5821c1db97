#include "actors/door.hpp"

#include "actors/call_actor.hpp"
#include "actors/call_ids.hpp"
#include "actors/directory.hpp"
#include "actors/pages.hpp"
#include "actors/user_book.hpp"

#include <memory>
#include <utility>

namespace carillon::actors {

void door::gather(const command::gather& cmd, const reply_to& reply) {
  std::vector<user_id> ids{cmd.from.user};
  ids.insert(ids.end(), cmd.named.begin(), cmd.named.end());
  auto seats = house_->calls.max_participants;
  if (ids.size() > seats) {
    reply(error_code::too_many_participants);
    return;
  }
  if (cmd.facts.seats > seats) {
    reply(failure{error_code::invalid_field, "maxParticipants"});
    return;
  }
  with_known(std::move(ids), reply,
             [this, cmd, reply](const user_list& users) { begin(cmd, users, reply); });
}

// With the records of all of `ids`, the asker's first; or refuses.
void door::with_known(std::vector<user_id> ids, const reply_to& reply,
                      std::function<void(const user_list&)> then) {
  user_list users;
  for (const auto& id : ids)
    if (auto user = house_->users.find(id))
      users.push_back(std::move(user));
  if (users.size() == ids.size()) {
    then(users);
    return;
  }
  read_store({[this, ids = std::move(ids), reply, then = std::move(then)](record_store& store) {
                auto known = resolve_users(store, house_->users, ids);
                if (!known) {
                  reply(known.error());
                  return;
                }
                user_list found;
                for (const auto& id : ids) {
                  auto one = known->find(id);
                  if (one == known->end()) {
                    reply(id == ids.front() ? failure{error_code::not_authenticated}
                                            : failure{error_code::unknown_participant, id.str()});
                    return;
                  }
                  found.push_back(one->second);
                }
                then(found);
              },
              [reply](const failure& why) { reply(why); }});
}

void door::begin(const command::gather& cmd, const user_list& users, const reply_to& reply) {
  auto fresh = make_session_id(house_->time.now());
  auto facts = std::make_shared<session_facts>(cmd.facts);
  if (facts->type == session_type::one_to_one)
    facts->seats = 2;
  else if (facts->seats == 0)
    facts->seats = static_cast<std::uint32_t>(house_->calls.max_participants);
  auto only_one = facts->type == session_type::therapy ? facts->therapy_session : std::string{};
  auto opened =
      house_->lines.gather(users, fresh, only_one, [&](const verdict&, const gathered& who) {
        command::open first{cmd.from, fresh, facts, who.users};
        return spawn_call({call{house_->calls, call_kind::session}, who, std::move(first), reply});
      });
  if (!opened)
    reply(error_code::therapy_session_live);
}

} // namespace carillon::actors
