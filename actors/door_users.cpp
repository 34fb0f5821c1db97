#include "actors/door.hpp"

#include "actors/pages.hpp"
#include "actors/user_book.hpp"

#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <iterator>

namespace carillon::actors {

namespace {

/// Users that may wait for the store; one takes some 400 bytes.
constexpr std::size_t most_unknown = 100'000;
/// Users that one read looks up: some milliseconds of work.
constexpr std::size_t most_in_a_read = 500;

user_ptr share(user_record user) { return std::make_shared<const user_record>(std::move(user)); }

} // namespace

void door::seen(identity who, reply_to reply) {
  if (auto known = house_->users.find(who.user)) {
    auto is_news = merge_claims(known.get(), who.user, who.claims, house_->time.now()) != nullptr;
    reply(reply_value{is_news ? keep(std::move(known), who) : std::move(known)});
    return;
  }
  {
    std::lock_guard guard{mutex_};
    arrived_.push_back({std::move(who), std::move(reply)});
    if (std::exchange(looking_up_, true))
      return;
  }
  look_up_arrived();
}

// One read for all that came while the one before was under way: when many connect at once, a read
// for each would wake a reader for each.
void door::look_up_arrived() {
  auto batch = std::make_shared<std::vector<arrival>>();
  {
    std::lock_guard guard{mutex_};
    auto end =
        arrived_.begin() + static_cast<std::ptrdiff_t>(std::min(arrived_.size(), most_in_a_read));
    std::move(arrived_.begin(), end, std::back_inserter(*batch));
    arrived_.erase(arrived_.begin(), end);
    looking_up_ = !batch->empty();
  }
  if (batch->empty())
    return;
  read_store({[this, batch](record_store& store) {
                look_up(*batch, store);
                look_up_arrived();
              },
              [this, batch](const failure&) {
                for (auto& one : *batch)
                  serve_unknown(std::move(one.who), one.reply);
                look_up_arrived();
              }});
}

// On a reader's thread.
void door::look_up(std::vector<arrival>& batch, record_store& store) {
  std::vector<user_id> ids;
  for (const auto& one : batch)
    ids.push_back(one.who.user);
  auto found = store.load_users(ids);
  if (!found) {
    for (auto& one : batch)
      serve_unknown(std::move(one.who), one.reply);
    return;
  }
  std::unordered_map<user_id, user_ptr> stored;
  for (auto& user : *found) {
    auto id = user.id;
    stored.emplace(std::move(id), share(std::move(user)));
  }
  for (const auto& one : batch) {
    auto known = stored.find(one.who.user);
    one.reply(reply_value{keep(known == stored.end() ? nullptr : known->second, one.who)});
  }
}

// The user's record after this token; in the book, and on its way to the store if it says something
// new. What others made of the user meanwhile stays.
user_ptr door::keep(user_ptr known, const identity& who) {
  std::lock_guard guard{profiles_};
  if (auto newest = house_->users.find(who.user))
    known = std::move(newest);
  auto changed = merge_claims(known.get(), who.user, who.claims, house_->time.now());
  house_->users.keep(changed ? changed : known);
  if (!changed)
    return known;
  caf::anon_send(house_->persistence, put{changed, {}, 0, {}});
  return changed;
}

// The store is away: the token's word has to do until it is back. Nothing is written of it before
// the row can be read, because that may hold more than the token says.
void door::serve_unknown(identity who, const reply_to& reply) {
  auto user = claims_only(who, house_->time.now());
  {
    std::lock_guard guard{mutex_};
    if (unknown_.size() < most_unknown || unknown_.contains(who.user))
      unknown_.insert_or_assign(who.user, std::move(who));
  }
  reply(reply_value{std::move(user)});
}

// The user as `serve_unknown` served it; null when it did not.
user_ptr door::by_token_alone(const user_id& user) {
  std::lock_guard guard{mutex_};
  auto who = unknown_.find(user);
  return who == unknown_.end() ? nullptr : claims_only(who->second, house_->time.now());
}

// With the record of `id`, who asks; or refuses.
void door::with_user(const user_id& id, const reply_to& reply,
                     std::function<void(const user_ptr&)> then) {
  if (auto user = house_->users.find(id)) {
    then(user);
    return;
  }
  auto without_store = [this, id, reply, then](const failure& why) {
    if (auto user = by_token_alone(id))
      then(user);
    else
      reply(why);
  };
  read_store({[this, id, reply, then, without_store](record_store& store) {
                auto known = resolve_users(store, house_->users, {id});
                if (!known)
                  without_store(known.error());
                else if (auto one = known->find(id); one == known->end())
                  reply(error_code::not_authenticated);
                else
                  then(one->second);
              },
              without_store});
}

void door::store_is_back() {
  read_store({[](record_store&) {}, [](const failure&) {}});
}

// On a reader's thread, before its job: who waits for the store is known to that job.
void door::catch_up(record_store& store) {
  std::unordered_map<user_id, identity> waiting;
  {
    std::lock_guard guard{mutex_};
    waiting.swap(unknown_);
  }
  for (auto& [id, who] : waiting) {
    auto found = store.load_user(id);
    if (!found) { // still away
      std::lock_guard guard{mutex_};
      unknown_.merge(waiting);
      return;
    }
    keep(*found ? share(std::move(**found)) : nullptr, who);
  }
}

} // namespace carillon::actors
