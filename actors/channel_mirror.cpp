#include "actors/channel_actor.hpp"

#include "actors/mirror_feed.hpp"
#include "actors/user_book.hpp"
#include "protocol/mirror_status.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <iterator>
#include <memory>
#include <utility>

/// What a channel's actor writes, and what it writes for Stream along with that.
namespace carillon::actors {

namespace {

// Those that the book does not have (any more) are known by their ids.
std::vector<user_ptr> profiles_of(std::vector<user_id>::const_iterator from,
                                  std::vector<user_id>::const_iterator to, user_book& book) {
  std::vector<user_ptr> found;
  for (; from != to; ++from) {
    auto user = book.find(*from);
    if (!user) {
      user_record unknown;
      unknown.id = *from;
      user = std::make_shared<const user_record>(std::move(unknown));
    }
    found.push_back(std::move(user));
  }
  return found;
}

void append(std::vector<write_op>& to, std::vector<write_op> more) {
  to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

} // namespace

void channel_shell::write(const chat_message_ptr& what) {
  auto with = opening();
  append(with, mirror_message(*house_, *what));
  self_->send(house_->persistence, put{what, {}, 0, {confirmer_, what->seq}, std::move(with)});
}

void channel_shell::keep(channel_record row, bool closed) {
  auto with = closed ? closing() : opening();
  self_->send(house_->persistence,
              put{std::move(row), {}, 0, {confirmer_, row_token}, std::move(with)});
}

void channel_shell::freeze() {
  if (!frozen_)
    put_all(*house_, closing());
}

// Who came since the last time has to be known there before saying anything.
std::vector<write_op> channel_shell::opening() {
  const auto& record = *machine_->record();
  if (!house_->mirror->enabled() || mirrored_ == record.members.size())
    return {};
  auto first = record.members.begin() + static_cast<std::ptrdiff_t>(mirrored_);
  auto users = profiles_of(first, record.members.end(), house_->users);
  auto ops = mirrored_ == 0 ? mirror_opening(*house_, record, users)
                            : mirror_newcomers(*house_, call_, users);
  if (!ops.empty())
    mirrored_ = record.members.size();
  return ops;
}

std::vector<write_op> channel_shell::closing() {
  frozen_ = true;
  auto ops = opening();
  append(ops, mirror_closing(*house_, call_));
  return ops;
}

} // namespace carillon::actors
