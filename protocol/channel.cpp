#include "protocol/channel.hpp"

#include <algorithm>
#include <utility>

namespace carillon {

namespace {

// What a sender waits when too much waits for the store.
constexpr int retry_after_s = 1;

channel_outcome answered(std::uint64_t ticket, result<channel_reply> what) {
  channel_outcome out;
  out.answers.push_back({ticket, std::move(what)});
  return out;
}

/// The first message of an id, to somebody who said something under it.
result<channel_reply> answer_with(const chat_message_ptr& first, const user_id& asker) {
  if (first->from != asker)
    return failure{error_code::message_id_taken, first->call};
  return channel_reply{first};
}

} // namespace

channel_outcome channel::apply(channel_command cmd, std::uint64_t ticket, std::string fresh_id,
                               time_point now) {
  turn how{ticket, std::move(fresh_id), now};
  return std::visit([&](auto& what) { return on(what, how); }, cmd);
}

failure channel::about(error_code code) const {
  return {code, record_ ? record_->call : call_id{}};
}

std::optional<error_code> channel::refuses(const user_id& user) const {
  if (!record_)
    return error_code::channel_not_found;
  if (!record_->has(user))
    return error_code::not_authorized;
  return std::nullopt;
}

// -- messages ----------------------------------------------------------------

channel_outcome channel::on(command::send_message& cmd, turn& how) {
  if (auto why = refuses(cmd.from.user))
    return answered(how.ticket, failure{*why, cmd.call});
  channel_outcome out;
  auto given = !cmd.id.empty();
  if (auto* same = given ? find_pending(cmd.id) : nullptr) {
    same->askers.push_back({how.ticket, cmd.from.user});
    return out;
  }
  // Of a channel that is closed nothing is written any more, but what was said can be said again.
  if (given && (record_->closed_at || recent_seq_.contains(cmd.id))) {
    out.lookups.push_back({std::move(cmd.id), cmd.from.user, how.ticket});
    return out;
  }
  if (record_->closed_at)
    return answered(how.ticket, about(error_code::channel_closed));
  if (pending_.size() >= most_pending) {
    auto why = about(error_code::rate_limited);
    why.retry_after_s = retry_after_s;
    return answered(how.ticket, std::move(why));
  }
  chat_message what{
      record_->call, ++last_seq_,         given ? std::move(cmd.id) : std::move(how.fresh_id),
      cmd.from.user, std::move(cmd.text), std::move(cmd.attachments),
      how.now};
  out.write = std::make_shared<const chat_message>(std::move(what));
  pending_.push_back({out.write, {{how.ticket, std::move(cmd.from.user)}}});
  if (given)
    remember(*out.write);
  return out;
}

channel_outcome channel::stored(std::uint64_t seq, store_verdict verdict) {
  channel_outcome out;
  if (pending_.empty() || pending_.front().what->seq != seq)
    return out; // told of already
  auto done = std::move(pending_.front());
  pending_.pop_front();
  if (verdict == store_verdict::refused)
    forget(done.what->id);
  if (verdict == store_verdict::written && record_)
    out.news.push_back({done.what, {}, {}});
  for (auto& [ticket, user] : done.askers)
    if (verdict == store_verdict::written)
      out.answers.push_back({ticket, answer_with(done.what, user)});
    else if (verdict == store_verdict::there)
      out.lookups.push_back({done.what->id, std::move(user), ticket});
    else
      out.answers.push_back({ticket, about(error_code::internal)});
  return out;
}

channel_outcome channel::found(const channel_outcome::lookup& what,
                               const result<std::optional<chat_message>>& first) const {
  if (!first) {
    auto why = first.error();
    why.call = about(why.code).call;
    return answered(what.ticket, std::move(why));
  }
  if (*first)
    return answered(what.ticket,
                    answer_with(std::make_shared<const chat_message>(**first), what.asker));
  // An open channel is asked only for what it has.
  auto closed = record_ && record_->closed_at;
  return answered(what.ticket, about(closed ? error_code::channel_closed : error_code::internal));
}

channel_outcome channel::on(command::mark_read& cmd, turn& how) {
  if (auto why = refuses(cmd.from.user))
    return answered(how.ticket, failure{*why, cmd.call});
  auto out = answered(how.ticket, channel_reply{});
  out.news.push_back({nullptr, std::move(cmd.id), std::move(cmd.from.user)});
  return out;
}

// -- the row -----------------------------------------------------------------

channel_outcome channel::on(command::open_channel& cmd, turn& how) {
  channel_outcome out;
  if (record_) {
    if (auto why = refuses(cmd.from.user))
      return answered(how.ticket, failure{*why, cmd.call});
    answer_row(out, how.ticket);
    return out;
  }
  record_.emplace();
  record_->call = std::move(cmd.call);
  record_->created_by = cmd.from.user;
  record_->call_type = std::move(cmd.call_type);
  record_->members = std::move(cmd.members);
  record_->members.insert(record_->members.begin(), std::move(cmd.from.user));
  record_->created_at = how.now;
  record_->stored = true;
  keep_row(out, how.ticket, true);
  return out;
}

// What ends a call that lives does not come here, so a call's channel that is still open will hear
// of its end at any moment.
channel_outcome channel::on(command::close_channel& cmd, turn& how) {
  if (!record_)
    return answered(how.ticket, failure{error_code::call_not_found, cmd.call});
  if (!record_->has(cmd.from.user) && !cmd.as_admin)
    return answered(how.ticket, about(error_code::not_authorized));
  channel_outcome out;
  if (record_->closed_at) {
    answer_row(out, how.ticket);
    return out;
  }
  record_->closed_at = how.now;
  out.closed = true;
  if (record_->stored)
    keep_row(out, how.ticket, false);
  else
    answer_row(out, how.ticket);
  return out;
}

void channel::keep_row(channel_outcome& out, std::uint64_t ticket, bool first) {
  out.keep = record_;
  rows_.push_back({first, {ticket}});
}

/// Nobody is told of a row before it is stored.
void channel::answer_row(channel_outcome& out, std::uint64_t ticket) {
  if (rows_.empty())
    out.answers.push_back({ticket, channel_reply{*record_}});
  else
    rows_.back().tickets.push_back(ticket);
}

channel_outcome channel::kept(bool ok) {
  channel_outcome out;
  if (rows_.empty())
    return out; // told of already
  auto done = std::move(rows_.front());
  rows_.pop_front();
  for (auto ticket : done.tickets)
    if (ok && record_)
      out.answers.push_back({ticket, channel_reply{*record_}});
    else
      out.answers.push_back({ticket, about(error_code::internal)});
  if (!ok && done.first)
    record_.reset();
  return out;
}

channel_outcome channel::call_changed(const std::vector<user_id>& members,
                                      std::optional<time_point> ended_at) {
  channel_outcome out;
  // Whoever began the call comes first.
  auto began = members.empty() ? user_id{} : members.front();
  if (!record_ || (!record_->stored && record_->created_by != began))
    return out; // another call under the same id
  record_->of_call = true;
  if (record_->has(began))
    for (const auto& user : members)
      if (!record_->has(user))
        record_->members.push_back(user);
  if (ended_at && !record_->closed_at) {
    record_->closed_at = ended_at;
    out.closed = true;
  }
  return out;
}

// -- ids ---------------------------------------------------------------------

channel::pending_message* channel::find_pending(const std::string& id) {
  auto known = recent_seq_.find(id);
  if (known == recent_seq_.end() || pending_.empty() || known->second < pending_.front().what->seq)
    return nullptr;
  auto at = std::lower_bound(
      pending_.begin(), pending_.end(), known->second,
      [](const pending_message& one, std::uint64_t seq) { return one.what->seq < seq; });
  return at == pending_.end() ? nullptr : &*at;
}

/// Ids that are pending are not forgotten, and the oldest go first: what follows a pending one is
/// pending, too.
void channel::remember(const chat_message& what) {
  recent_seq_.emplace(what.id, what.seq);
  recent_.push_back(what.id);
  while (recent_.size() > remembered_ids
         && recent_seq_.at(recent_.front()) < pending_.front().what->seq) {
    recent_seq_.erase(recent_.front());
    recent_.pop_front();
  }
}

void channel::forget(const std::string& id) {
  if (recent_seq_.erase(id) > 0)
    std::erase(recent_, id);
}

} // namespace carillon
