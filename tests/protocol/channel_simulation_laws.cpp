// What must hold of each step of a channel.

#include "tests/protocol/channel_simulation.hpp"
#include "tests/protocol/promise.hpp"

#include <algorithm>

namespace carillon::test {

namespace {

const user_id alice{"alice"};
const user_id bob{"bob"};

bool is_one_of(const std::vector<user_id>& users, const user_id& user) {
  return std::find(users.begin(), users.end(), user) != users.end();
}

} // namespace

void channel_simulation::note(const std::string& what) {
  if (log_)
    log_->push_back(what);
}

/// Whom the channel may ever concern: those of its row, and those of the call if one of the row's
/// members began it or there is no row.
bool channel_simulation::may_take_part(const user_id& user) const {
  auto of_row = user == alice || user == bob;
  auto of_call = is_one_of(called_, user);
  if (!row_was_put_)
    return of_call;
  return of_row || (of_call && (began_ == alice || began_ == bob));
}

void channel_simulation::carry_out(channel_outcome out, const char* what) {
  if (out.keep)
    row_was_put_ = true;
  for (const auto& one : out.answers)
    judge_answer(one);
  for (const auto& one : out.news)
    judge_news(one);
  if (out.write) {
    promise(!closed_, "nothing is written to a closed channel");
    promise(may_take_part(out.write->from), "a stranger writes");
    promise(out.write->call.str() == "c1" && !out.write->id.empty(), "a message is whole");
    promise(messages_.empty() || out.write->seq > messages_.rbegin()->first,
            "a message comes behind all that there are");
    puts_.push_back(out.write);
  }
  if (out.closed) {
    promise(!closed_, "a channel closes once");
    ++count_.seen[std::string{"closed by "} + what];
    closed_ = true;
  }
  if (out.keep) {
    promise(out.keep->has(alice) && out.keep->has(bob) && out.keep->stored, "a row is whole");
    ++count_.seen[out.keep->closed_at ? "row closed" : "row made"];
    puts_.push_back(*out.keep);
  }
  for (auto& one : out.lookups) {
    ++count_.seen[std::string{"lookup after "} + what];
    puts_.push_back(std::move(one));
  }
  promise(closed_ == (machine_.record() && machine_.record()->closed_at.has_value()),
          "a channel says when it closes");
}

void channel_simulation::judge_answer(const channel_outcome::answer& one) {
  auto asked = open_.find(one.ticket);
  promise(asked != open_.end(), "what nobody asked, or was answered, is answered");
  auto [user, id, is_message, is_closing] = std::move(asked->second);
  open_.erase(asked);
  if (!one.what) {
    auto code = one.what.error().code;
    ++count_.seen[std::string{describe(code).code}];
    note("  " + user.str() + " " + id + ": " + std::string{describe(code).code});
    if (code == error_code::channel_closed)
      promise(closed_ && is_message, "a channel that is open is said to be closed");
    if (code == error_code::message_id_taken)
      promise(first_of(id) && first_of(id)->from != user, "an id is taken by somebody else");
    if (code == error_code::not_authorized)
      promise(!machine_.record()->has(user), "a member is refused");
    return;
  }
  promise(may_take_part(user) || !is_message, "a stranger is answered");
  if (const auto* said = std::get_if<chat_message_ptr>(&*one.what)) {
    ++count_.seen["said"];
    const auto& message = **said;
    note("  " + user.str() + " said " + std::to_string(message.seq) + " " + message.id);
    promise(is_message && message.from == user, "one's own message is confirmed");
    promise(id.empty() || message.id == id, "the message of this id is confirmed");
    auto there = messages_.find(message.seq);
    promise(there != messages_.end() && there->second == message,
            "what is confirmed is durable, as it is confirmed");
    auto before = answered_.try_emplace(message.id, message).first;
    promise(before->second == message, "an id is always the same message");
  } else if (std::holds_alternative<channel_record>(*one.what)) {
    ++count_.seen["channel"];
    promise(!is_message, "a message is answered with a message");
    auto row = std::get<channel_record>(*one.what);
    promise(!row.stored || row_.has_value(), "a row is confirmed when it is durable");
    promise(!is_closing || !row.stored || row.of_call || row_->closed_at,
            "the closing of a row is confirmed when it is durable");
  }
}

void channel_simulation::judge_news(const channel_news& one) {
  if (!one.said) {
    ++count_.seen["read"];
    promise(!one.read.empty() && may_take_part(one.by), "a read mark says how far and who");
    return;
  }
  ++count_.seen["told"];
  auto seq = one.said->seq;
  promise(told_.empty() || *told_.rbegin() < seq, "messages are told in their order, each once");
  auto there = messages_.find(seq);
  promise(there != messages_.end() && there->second == *one.said, "what is told is durable");
  told_.insert(seq);
}

} // namespace carillon::test
