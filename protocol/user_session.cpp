#include "protocol/user_session.hpp"

#include "protocol/device_list.hpp"

#include <algorithm>

namespace carillon {

std::vector<call_summary> user_session::attach(const device_id& device) {
  if (!contains(devices_, device))
    devices_.push_back(device);
  std::vector<call_summary> states;
  for (auto& entry : calls_) {
    if (entry.summary.state == call_state::ended)
      continue; // its last events are on their way to the devices that know it
    states.push_back(entry.summary);
    if (!contains(entry.knowing, device))
      entry.knowing.push_back(device);
  }
  return states;
}

bool user_session::detach(const device_id& device) {
  for (auto& entry : calls_)
    std::erase(entry.knowing, device);
  return std::erase(devices_, device) + std::erase(lost_, device) > 0;
}

bool user_session::lose(const device_id& device) {
  if (std::erase(devices_, device) == 0)
    return false;
  lost_.push_back(device);
  return true;
}

bool user_session::find_again(const device_id& device) { return std::erase(lost_, device) > 0; }

void user_session::update(const call_summary& summary) {
  if (auto* entry = find(summary.call)) {
    entry->summary = summary;
    return;
  }
  known_call added{summary, {}};
  // A video call tells every device everything, and may have been here before it rested. Only of an
  // invitation those that are lost now are told when they are back.
  if (summary.kind == call_kind::video && !summary.ring_deadline) {
    added.knowing = devices_;
    added.knowing.insert(added.knowing.end(), lost_.begin(), lost_.end());
  }
  calls_.push_back(std::move(added));
}

void user_session::drop(const call_id& call) {
  std::erase_if(calls_, [&](const known_call& e) { return e.summary.call == call; });
}

std::vector<device_id> user_session::recipients(const address& to, const call_id& call) {
  std::vector<device_id> result;
  auto* entry = find(call);
  switch (to.to) {
  case address::scope::one:
    if (contains(devices_, to.device) || contains(lost_, to.device))
      result.push_back(to.device);
    break;
  case address::scope::all:
    result = devices_;
    if (entry)
      for (const auto& device : lost_)
        if (contains(entry->knowing, device))
          result.push_back(device);
    break;
  case address::scope::knowing:
    if (entry)
      for (const auto& device : entry->knowing)
        if (device != to.device)
          result.push_back(device);
    break;
  case address::scope::every:
    result = devices_;
    result.insert(result.end(), lost_.begin(), lost_.end());
    return result;
  }
  if (entry)
    for (const auto& device : result)
      if (!contains(entry->knowing, device))
        entry->knowing.push_back(device);
  return result;
}

bool user_session::in_call(const device_id& device) const {
  return std::any_of(calls_.begin(), calls_.end(), [&](const known_call& e) {
    return e.summary.device == device && e.summary.state != call_state::ended;
  });
}

std::vector<call_id> user_session::calls() const {
  std::vector<call_id> result;
  for (const auto& entry : calls_)
    result.push_back(entry.summary.call);
  return result;
}

user_session::known_call* user_session::find(const call_id& call) {
  auto i = std::find_if(calls_.begin(), calls_.end(),
                        [&](const known_call& e) { return e.summary.call == call; });
  return i == calls_.end() ? nullptr : &*i;
}

} // namespace carillon
