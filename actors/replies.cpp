#include "actors/replies.hpp"

#include <memory>
#include <utility>

namespace carillon::actors {

namespace {

/// Turns the confirmation of a write into the answer that it allows.
class answer_behind final : public responder {
public:
  answer_behind(reply_to to, reply_value what)
    : to_(std::move(to))
    , what_(std::move(what)) {}

  void answer(std::uint64_t, result<reply_value> written) noexcept override {
    if (written)
      to_(std::move(what_));
    else
      to_(written.error());
  }

private:
  reply_to to_;
  reply_value what_;
};

class answer_by final : public responder {
public:
  explicit answer_by(std::function<void(result<reply_value>)> what)
    : what_(std::move(what)) {}

  void answer(std::uint64_t, result<reply_value> came) noexcept override { what_(std::move(came)); }

private:
  std::function<void(result<reply_value>)> what_;
};

} // namespace

reply_to reply_with(reply_value value, reply_to then) {
  return {std::make_shared<answer_behind>(std::move(then), std::move(value)), 0};
}

reply_to reply_by(std::function<void(result<reply_value>)> what) {
  return {std::make_shared<answer_by>(std::move(what)), 0};
}

} // namespace carillon::actors
