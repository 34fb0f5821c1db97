#include "tests/protocol/simulated_user.hpp"

#include "protocol/device_list.hpp"

#include <utility>

namespace carillon::test {

bool simulated_user::has(const device_id& device) const {
  return contains(session_.devices(), device);
}

std::vector<call_summary> simulated_user::attach(const device_id& device) {
  auto states = session_.attach(device);
  report();
  return states;
}

void simulated_user::detach(const device_id& device) {
  session_.detach(device);
  report();
}

void simulated_user::lose(const device_id& device) {
  session_.lose(device);
  report();
}

std::vector<call_summary> simulated_user::resume(const device_id& device) {
  session_.find_again(device);
  return attach(device);
}

// A session tells a call of its devices if it knows that there is one.
void simulated_user::report() {
  if (holds_call() && !deaf_)
    reports_.push_back({user_, session_.devices(), session_.lost()});
}

const command::presence* simulated_user::next_report() const {
  return reports_.empty() ? nullptr : &reports_.front();
}

void simulated_user::tell(const call& from, const std::vector<addressed_event>& events,
                          bool all_committed, std::uint32_t committed) {
  auto is_video = from.record().kind() == call_kind::video;
  delivery news;
  for (const auto& sent : events)
    if (sent.to.user == user_) {
      if (!waiting_.empty() || (sent.durable && !all_committed))
        waiting_.push_back({sent, from.record().version});
      else
        news.events.push_back(sent);
    }
  while (!waiting_.empty()
         && (all_committed || (is_video && waiting_.front().after <= committed))) {
    news.events.push_back(std::move(waiting_.front().what));
    waiting_.pop_front();
  }
  if (is_video && !told_ && news.events.empty() && !waiting_.empty())
    return; // its first word is the event that tells of it
  auto over = from.state() == call_state::ended && waiting_.empty();
  news.gone = over && !std::exchange(gone_, gone_ || over);
  if (!gone_)
    news.summary = from.summary_for(user_);
  if (news.gone || !news.events.empty() || news.summary != told_)
    mailbox_.push_back(news);
  told_ = news.summary;
}

void simulated_user::handle_mail(const call_id& id, const hears& hear) {
  if (mailbox_.empty())
    return;
  auto mail = std::move(mailbox_.front());
  mailbox_.pop_front();
  auto is_new = mail.summary && !holds_call();
  if (mail.summary)
    session_.update(*mail.summary);
  for (const auto& [to, what, durable] : mail.events)
    for (const auto& device : session_.recipients(to, id))
      hear(device, what);
  if (is_new) {
    first_is_due_ = true;
    report();
  }
  if (mail.gone) {
    session_.drop(id);
    reports_.clear();
    deaf_ = false;
  }
}

void simulated_user::rest() {
  delivery last;
  last.gone = true;
  mailbox_.push_back(last);
  gone_ = true;
  deaf_ = true;
  reports_.clear();
}

void simulated_user::wake(const call& woken) {
  gone_ = false;
  told_.reset();
  tell(woken, {}, true, woken.record().version);
}

void simulated_user::restart(const call& restored) {
  *this = simulated_user{user_};
  told_ = restored.summary_for(user_);
  session_.update(*told_);
}

} // namespace carillon::test
