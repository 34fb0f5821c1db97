#include "protocol/mirror_lanes.hpp"
#include "tests/protocol/dice.hpp"
#include "tests/protocol/promise.hpp"
#include "tests/protocol/random_run.hpp"

#include <map>
#include <set>

using namespace carillon;
using namespace carillon::test;

namespace {

/// A far side that takes, fails, refuses and keeps silent; a store whose entries are read in pages,
/// and a mirror that is started again now and then.
class mirror_simulation {
public:
  mirror_simulation(std::uint64_t seed, std::uint64_t number, tally& count,
                    std::vector<std::string>* log)
    : dice_(seed, number)
    , count_(count)
    , log_(log) {
    how_.attempts = 1 + static_cast<unsigned>(dice_.pick(4));
    how_.held = 3 + dice_.pick(20);
    how_.at_once = 1 + dice_.pick(4);
    lanes_ = mirror_lanes{how_};
    auto entries = 1 + dice_.pick(40);
    for (std::uint64_t position = 1; position <= entries; ++position) {
      outbox_entry entry;
      entry.position = position;
      entry.lane = "lane" + std::to_string(dice_.pick(5));
      queued_.emplace(position, std::move(entry));
    }
  }

  void run() {
    bad_ = static_cast<unsigned>(dice_.pick(90));
    for (int i = 0; i < 150; ++i)
      step();
    bad_ = 0; // From here on everything arrives.
    for (int i = 0; !queued_.empty(); ++i) {
      promise(i < 5000, "what waits comes to its end");
      step();
    }
    promise(lanes_.held() == 0 && lanes_.under_way() == 0, "nothing is held of what is over");
  }

private:
  void step() {
    ++count_.commands;
    if (dice_.chance(30))
      read();
    if (dice_.chance(1))
      return restart();
    if (dice_.chance(60))
      send();
    if (dice_.chance(60))
      answer();
    if (auto next = lanes_.next_at(); under_way_.empty() && next && *next > now_) {
      promise(!lanes_.next(*next - milliseconds{1}), "nothing goes before its time");
      now_ = *next;
      ++count_.seen["waited"];
    }
    now_ += milliseconds{dice_.pick(50)};
  }

  void read() {
    std::vector<outbox_entry> page;
    for (auto at = queued_.upper_bound(lanes_.read_upto());
         at != queued_.end() && page.size() < lanes_.room(); ++at)
      page.push_back(at->second);
    lanes_.add(std::move(page));
    promise(lanes_.held() <= how_.held, "no more is held than may be");
  }

  /// What was not marked is read and sent again.
  void restart() {
    ++count_.seen["restart"];
    note("restart");
    under_way_.clear();
    lanes_ = mirror_lanes{how_};
    probes_ = false;
    probe_ = 0;
    quiet_until_ = {};
  }

  void send() {
    auto next = lanes_.next(now_);
    if (!next)
      return;
    note("send " + std::to_string(next->position) + " of " + next->lane);
    promise(queued_.contains(next->position), "what is over is not sent again");
    for (auto position : under_way_)
      promise(queued_.at(position).lane != next->lane, "a lane has one under way");
    for (const auto& [position, entry] : queued_)
      promise(position >= next->position || entry.lane != next->lane, "a lane keeps its order");
    promise(now_ >= quiet_until_, "nothing goes while all have to wait");
    promise(!probes_ || probe_ == 0, "a single one goes ahead");
    if (probes_)
      probe_ = next->position;
    under_way_.push_back(next->position);
    promise(under_way_.size() <= how_.at_once, "no more are under way than may be");
    promise(lanes_.under_way() == under_way_.size(), "what is under way is counted");
  }

  void answer() {
    if (under_way_.empty())
      return;
    auto chosen = under_way_.begin() + static_cast<std::ptrdiff_t>(dice_.pick(under_way_.size()));
    auto position = *chosen;
    under_way_.erase(chosen);
    send_result how{send_verdict::done, "why", {}};
    if (dice_.chance(bad_)) {
      how.verdict = static_cast<send_verdict>(1 + dice_.pick(4));
      if (dice_.chance(30))
        how.wait = seconds{dice_.pick(5)};
    }
    auto over = lanes_.on(position, how, now_, static_cast<double>(dice_.pick(100)) / 100);
    judge(position, how, over);
  }

  void judge(std::uint64_t position, const send_result& how,
             const std::optional<outbox_result>& over) {
    constexpr const char* words[] = {"done", "refused", "failed", "throttled", "unreachable"};
    const std::string word = words[static_cast<std::size_t>(how.verdict)];
    ++count_.seen[word];
    note(std::to_string(position) + " " + word);
    auto everything =
        how.verdict == send_verdict::throttled || how.verdict == send_verdict::unreachable;
    if (everything) {
      promise(!over, "who was not answered is not over");
      promise(!lanes_.next(now_), "all wait, at least for a moment");
      probes_ = true;
      quiet_until_ =
          std::max(quiet_until_, now_ + (how.wait ? milliseconds{*how.wait} : milliseconds{1}));
    } else if (probe_ == position) {
      probes_ = false;
    }
    if (probe_ == position)
      probe_ = 0;
    if (!over) {
      promise(how.verdict != send_verdict::done && how.verdict != send_verdict::refused,
              "what was answered for good is over");
      return;
    }
    promise(over->position == position && over->at == now_, "the right one is over");
    promise(over->dead == (how.verdict != send_verdict::done), "only what arrived is done");
    promise(over->dead ? over->error == "why" : over->error.empty(), "a dead letter says why");
    promise(over->attempts >= 1 && over->attempts <= how_.attempts, "tries are counted");
    if (how.verdict == send_verdict::failed) {
      promise(over->attempts == how_.attempts, "what fails is tried again");
      ++count_.seen["dead"];
    }
    queued_.erase(position);
  }

  void note(const std::string& what) {
    if (log_)
      log_->push_back(what);
  }

  dice dice_;
  tally& count_;
  std::vector<std::string>* log_;
  mirror_patience how_;
  mirror_lanes lanes_;
  std::map<std::uint64_t, outbox_entry> queued_; ///< in the store
  std::vector<std::uint64_t> under_way_;
  unsigned bad_ = 0; ///< per cent
  time_point now_{milliseconds{1'000'000}};
  time_point quiet_until_{};
  bool probes_ = false;     ///< everything had to wait, and the single one was not answered
  std::uint64_t probe_ = 0; ///< that one, when it is under way
};

} // namespace

TEST_CASE("random answers break no promise of the mirror", "[mirror][random]") {
  run_random_calls<mirror_simulation>(1'000'000, {"done", "refused", "failed", "throttled",
                                                  "unreachable", "dead", "waited", "restart"});
}

TEST_CASE("the same seed makes the same simulated mirror", "[mirror][random]") {
  run_calls_twice<mirror_simulation>();
}
