#include "persistence/op_codec.hpp"

#include "persistence/rows.hpp"

#include <cstdint>

namespace carillon::persistence {

namespace {

constexpr std::uint8_t format = 1;

// First byte of each op.
enum class op_kind : std::uint8_t { user = 1, record = 2, hide = 3 };

class byte_writer {
public:
  void number(std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i)
      out_.push_back(static_cast<char>((value >> (8 * i)) & 0xFF));
  }
  void text(std::string_view t) {
    number(t.size(), 4);
    out_.append(t);
  }
  void time(time_point t) { number(static_cast<std::uint64_t>(to_epoch_ms(t)), 8); }
  void time(const std::optional<time_point>& t) {
    number(t ? 1 : 0, 1);
    if (t)
      time(*t);
  }
  std::string take() { return std::move(out_); }

private:
  std::string out_;
};

// Reads what byte_writer wrote. After the first short read everything reads as zero and `ok()` is
// false.
class byte_reader {
public:
  explicit byte_reader(std::string_view bytes)
    : rest_(bytes) {}

  bool ok() const noexcept { return ok_; }
  bool done() const noexcept { return rest_.empty(); }

  std::uint64_t number(int bytes) {
    const auto part = take(static_cast<std::size_t>(bytes));
    std::uint64_t value = 0;
    for (std::size_t i = part.size(); i > 0; --i)
      value = (value << 8) | static_cast<unsigned char>(part[i - 1]);
    return value;
  }
  std::string_view text() { return take(number(4)); }
  time_point time() { return from_epoch_ms(static_cast<std::int64_t>(number(8))); }
  std::optional<time_point> maybe_time() {
    if (number(1) == 0)
      return std::nullopt;
    return time();
  }

private:
  std::string_view take(std::size_t n) {
    if (!ok_ || n > rest_.size()) {
      ok_ = false;
      rest_ = {};
      return {};
    }
    const auto part = rest_.substr(0, n);
    rest_.remove_prefix(n);
    return part;
  }

  std::string_view rest_;
  bool ok_ = true;
};

void put(byte_writer& out, op_kind kind) { out.number(static_cast<std::uint8_t>(kind), 1); }

void put(byte_writer& out, const user_claims& claims) {
  for (const auto* text : {&claims.name, &claims.email, &claims.image, &claims.role})
    out.text(*text);
}

void put(byte_writer& out, const user_ptr& user) {
  if (!user)
    return;
  put(out, op_kind::user);
  out.text(user->id.str());
  put(out, user->profile);
  put(out, user->claimed);
  out.time(user->created_at);
  out.time(user->updated_at);
}

void put(byte_writer& out, const call_record& call) {
  put(out, op_kind::record);
  for (const auto* id : {&call.caller, &call.receiver, &call.ended_by})
    out.text(id->str());
  out.text(call.id.str());
  out.text(to_string(call.type));
  out.text(to_string(call.status));
  out.text(stored_word(call.reason));
  out.number((call.missed ? 1u : 0u) | (call.via_rest ? 2u : 0u), 1);
  out.number(call.version, 4);
  out.number(static_cast<std::uint64_t>(call.duration_s), 8);
  out.time(call.created_at);
  for (const auto* t : {&call.started_at, &call.ended_at, &call.ring_deadline, &call.call_deadline})
    out.time(*t);
}

void put(byte_writer& out, const hide_op& hide) {
  put(out, op_kind::hide);
  out.text(hide.user.str());
  out.text(hide.call.str());
}

user_claims get_claims(byte_reader& in) {
  user_claims claims;
  for (auto* text : {&claims.name, &claims.email, &claims.image, &claims.role})
    *text = in.text();
  return claims;
}

user_ptr get_user(byte_reader& in) {
  auto user = std::make_shared<user_record>();
  user->id = user_id{in.text()};
  user->profile = get_claims(in);
  user->claimed = get_claims(in);
  user->created_at = in.time();
  user->updated_at = in.time();
  return user;
}

std::optional<call_record> get_call(byte_reader& in) {
  call_record call;
  for (auto* id : {&call.caller, &call.receiver, &call.ended_by})
    *id = user_id{in.text()};
  call.id = call_id{in.text()};
  const auto type = in.text();
  const auto status = in.text();
  const auto reason = in.text();
  if (!in.ok() || !set_words(call, type, status, reason))
    return std::nullopt;
  const auto flags = in.number(1);
  call.missed = (flags & 1u) != 0;
  call.via_rest = (flags & 2u) != 0;
  call.version = static_cast<std::uint32_t>(in.number(4));
  call.duration_s = static_cast<std::int64_t>(in.number(8));
  call.created_at = in.time();
  for (auto* t : {&call.started_at, &call.ended_at, &call.ring_deadline, &call.call_deadline})
    *t = in.maybe_time();
  return call;
}

std::optional<write_op> get_op(byte_reader& in) {
  switch (static_cast<op_kind>(in.number(1))) {
  case op_kind::user:
    return get_user(in);
  case op_kind::record:
    if (auto call = get_call(in))
      return std::move(*call);
    return std::nullopt;
  case op_kind::hide: {
    hide_op hide;
    hide.user = user_id{in.text()};
    hide.call = call_id{in.text()};
    return hide;
  }
  }
  return std::nullopt;
}

} // namespace

std::string encode_ops(std::span<const write_op> ops) {
  byte_writer out;
  out.number(format, 1);
  for (const auto& op : ops)
    std::visit([&](const auto& what) { put(out, what); }, op);
  return out.take();
}

std::optional<std::vector<write_op>> decode_ops(std::string_view bytes) {
  byte_reader in{bytes};
  if (in.number(1) != format)
    return std::nullopt;
  std::vector<write_op> ops;
  while (!in.done()) {
    auto op = get_op(in);
    if (!op || !in.ok())
      return std::nullopt;
    ops.push_back(std::move(*op));
  }
  return in.ok() ? std::optional{std::move(ops)} : std::nullopt;
}

} // namespace carillon::persistence
