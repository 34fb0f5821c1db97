#include "tests/protocol/call_words.hpp"
#include "tests/protocol/simulated_world.hpp"

#include <algorithm>

// What happens to devices, and what they and the machine hear of one another.

namespace carillon::test {

void simulated_world::attach() {
  auto& who = anybody();
  if (who.devices().size() >= 3)
    return;
  auto device = devices_.make(who.id());
  auto page = devices_.page_of(who.id(), dice_);
  event::call_states states{who.attach(device)};
  note(device.str(), " connects", page.empty() ? "" : " (was " + page.str() + ")", " and hears ",
       word(call_event{states}));
  attached(who.id(), device, page, states);
}

void simulated_world::detach(simulated_user& who) {
  if (who.devices().empty())
    return;
  auto device = dice_.any_of(who.devices());
  detached(device);
  if (dice_.chance(40)) {
    note(device.str(), " is lost");
    who.lose(device);
    devices_.lose(device);
  } else {
    note(device.str(), " drops");
    who.detach(device);
    devices_.give_up(device);
  }
}

/// A lost device resumes, or is given up.
void simulated_world::come_back() {
  auto found = devices_.find_again(dice_);
  if (!found)
    return;
  const auto& [device, missed] = *found;
  auto& who = user_of_device(device);
  if (dice_.chance(20)) {
    note(device.str(), " is given up");
    who.detach(device);
    devices_.give_up(device);
    return;
  }
  event::call_states states{who.resume(device)};
  note(device.str(), " resumes");
  count("resumed");
  resumed(device);
  for (const auto& what : missed) {
    note("  ", device.str(), " missed ", word(what));
    hears(device, what);
  }
  attached(who.id(), device, {}, states);
}

simulated_user& simulated_world::user_of_device(const device_id& device) {
  const auto& owner = devices_.owner_of(device);
  return *std::find_if(users_.begin(), users_.end(),
                       [&](const simulated_user& who) { return who.id() == owner; });
}

void simulated_world::hear_report(simulated_user& who) {
  if (who.may_skip_report() && dice_.chance(30)) {
    who.drop_report();
    count("report overtaken");
  }
  const auto* next = who.next_report();
  if (!next)
    return;
  auto report = *next;
  if (!dice_.chance(5))
    who.drop_report(); // else it comes once more
  who.report_heard();
  apply(std::move(report));
}

void simulated_world::handle_mail(simulated_user& who) {
  who.handle_mail(id_, [this](const device_id& device, const call_event& what) {
    auto text = word(what);
    count(text.ends_with("glare") ? "glare" : text.substr(0, text.find(' ')));
    if (devices_.keep(device, what))
      return;
    note("  ", device.str(), " hears ", text);
    hears(device, what);
  });
}

} // namespace carillon::test
