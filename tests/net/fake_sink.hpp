#pragma once

#include "protocol/command_sink.hpp"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace carillon::net::test {

/// How long a test waits for something that has to happen before it fails.
inline constexpr std::chrono::seconds patience{10};

/// The actors' side as a test plays it. Complains of everything it was not told to expect; the
/// fixture fails then. Users and devices are let in and noted unless a test says otherwise.
class fake_sink final : public command_sink {
public:
  using submit_handler = std::function<void(client_command, reply_to)>;
  using history_handler = std::function<void(query::history, reply_to)>;
  using hide_handler = std::function<void(query::hide, reply_to)>;
  using query_handler = std::function<void(client_query, reply_to)>;
  using take_handler = std::function<void(recording_news, reply_to)>;
  using seen_handler = std::function<void(identity, reply_to)>;
  using attach_handler = std::function<void(user_ptr, device_id, client_link_ptr,
                                            std::optional<resume_request>, reply_to)>;

  struct device {
    user_id user;
    device_id id;
    std::weak_ptr<client_link> link;
    bool attached = true;
    bool may_resume = false; ///< as `detach` said
  };

  submit_handler on_submit;
  history_handler on_history;
  hide_handler on_hide;
  query_handler on_ask; ///< all other queries
  take_handler on_take;
  seen_handler on_seen;
  attach_handler on_attach;

  static user_ptr make_user(const identity& who) {
    auto user = std::make_shared<user_record>();
    user->id = who.user;
    user->profile = user->claimed = who.claims;
    return user;
  }

  void seen(identity who, reply_to reply) override {
    note([&] { seen_.push_back(who.user.str()); });
    if (on_seen)
      return on_seen(std::move(who), std::move(reply));
    reply(reply_value{make_user(who)});
  }

  void attach(user_ptr user, device_id id, client_link_ptr link,
              std::optional<resume_request> resume, reply_to reply) override {
    note([&] { devices_.push_back({user->id, id, link}); });
    if (on_attach)
      return on_attach(std::move(user), std::move(id), std::move(link), std::move(resume),
                       std::move(reply));
    link->offer(std::make_shared<const wire_event>("callState", R"({"calls":[]})"));
    reply(reply_value{attachment{id, "pid-of-" + id.str(), false}});
  }

  void detach(const user_id& user, const device_id& id, const client_link*,
              bool may_resume) override {
    note([&] {
      for (auto& known : devices_)
        if (known.id == id && known.user == user && known.attached) {
          known.attached = false;
          known.may_resume = may_resume;
          return;
        }
      complaints_.push_back("detach of " + id.str() + ", which is not attached");
    });
  }

  void submit(client_command what, reply_to reply) override {
    if (on_submit)
      return on_submit(std::move(what), std::move(reply));
    complain("unexpected command", reply);
  }

  void take(recording_news what, reply_to reply) override {
    if (on_take)
      return on_take(std::move(what), std::move(reply));
    complain("unexpected webhook", reply);
  }

  void ask(client_query what, reply_to reply) override {
    if (auto* history = std::get_if<query::history>(&what); history && on_history)
      return on_history(std::move(*history), std::move(reply));
    if (auto* hide = std::get_if<query::hide>(&what); hide && on_hide)
      return on_hide(std::move(*hide), std::move(reply));
    if (on_ask)
      return on_ask(std::move(what), std::move(reply));
    complain("unexpected query", reply);
  }

  /// For an `on_attach` that lets the last device in under another id.
  void rename_last(device_id id) {
    note([&] { devices_.back().id = std::move(id); });
  }

  void complain(std::string what) {
    note([&] { complaints_.push_back(std::move(what)); });
  }

  [[nodiscard]] std::vector<std::string> complaints() const { return read(complaints_); }
  [[nodiscard]] std::vector<std::string> seen_users() const { return read(seen_); }
  [[nodiscard]] std::vector<device> devices() const { return read(devices_); }

  /// The link of the last device; null when it is gone.
  [[nodiscard]] client_link_ptr link() const {
    auto all = devices();
    return all.empty() ? nullptr : all.back().link.lock();
  }

  /// Waits until `ready` holds for the devices; false when it does not in time.
  template <class Ready>
  [[nodiscard]] bool wait(Ready ready) const {
    std::unique_lock guard{lock_};
    return changed_.wait_for(guard, patience, [&] { return ready(devices_); });
  }

  [[nodiscard]] bool wait_detached() const {
    return wait([](const std::vector<device>& all) {
      for (auto& one : all)
        if (one.attached)
          return false;
      return true;
    });
  }

private:
  template <class Change>
  void note(Change change) {
    {
      std::lock_guard guard{lock_};
      change();
    }
    changed_.notify_all();
  }

  template <class T>
  T read(const T& what) const {
    std::lock_guard guard{lock_};
    return what;
  }

  void complain(std::string what, const reply_to& reply) {
    complain(std::move(what));
    reply(error_code::internal);
  }

  mutable std::mutex lock_;
  mutable std::condition_variable changed_;
  std::vector<std::string> complaints_;
  std::vector<std::string> seen_;
  std::vector<device> devices_;
};

} // namespace carillon::net::test
