#include "protocol/overview.hpp"

namespace carillon {

namespace {

std::uint32_t legs_in(const call_record& record) {
  if (record.kind() != call_kind::direct)
    return static_cast<std::uint32_t>(record.count_in());
  switch (record.state()) {
  case call_state::ringing:
    return 1;
  case call_state::active:
    return 2;
  case call_state::ended:
    break;
  }
  return 0;
}

} // namespace

call_card card_of(const call_record& record) {
  call_card card;
  card.call = record.id;
  card.kind = record.kind();
  card.state = record.state();
  card.status = record.status;
  card.reason = record.reason;
  card.created_at = record.created_at;
  card.started_at = record.started_at;
  card.ended_at = record.ended_at;
  card.in = legs_in(record);
  if (card.kind == call_kind::direct) {
    card.people = {record.caller, record.direct().receiver};
    return card;
  }
  for (const auto& one : record.people) {
    if (card.people.size() == call_card::most_people)
      break;
    card.people.push_back(one.user);
  }
  return card;
}

} // namespace carillon
