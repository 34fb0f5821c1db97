#include "tests/protocol/simulated_store.hpp"

#include "tests/protocol/promise.hpp"

#include <algorithm>
#include <utility>

namespace carillon::test {

namespace {

/// What the store has after `sent`.
call_record together(const call_record& stored, const call_record& sent) {
  auto result = sent;
  result.people = stored.people;
  for (const auto& one : sent.people) {
    auto known = std::find_if(result.people.begin(), result.people.end(),
                              [&](const participant& p) { return p.user == one.user; });
    if (known == result.people.end())
      result.people.push_back(one);
    else
      *known = one;
  }
  return result;
}

} // namespace

void simulated_store::put(const call_record& record) {
  auto sent = record;
  auto committed = stored_ ? stored_->version : 0;
  if (record.kind() == call_kind::video)
    std::erase_if(sent.people, [&](const participant& p) { return p.version <= committed; });
  under_way_.push_back({record, std::move(sent)});
}

void simulated_store::commit(std::size_t count) {
  for (count = std::min(count, under_way_.size()); count > 1; --count)
    under_way_.pop_front();
  if (under_way_.empty())
    return;
  auto next = std::move(under_way_.front());
  under_way_.pop_front();
  stored_ = stored_ ? together(*stored_, next.sent) : std::move(next.sent);
  promise(*stored_ == next.whole, "what the store puts together is what was written");
}

} // namespace carillon::test
