#include "persistence/session_codec.hpp"

#include "persistence/session_rows.hpp"

#include <array>
#include <memory>

namespace carillon::persistence {

namespace {

// Each flag is one bit, the first the lowest.
template <std::size_t Size>
void put_flags(byte_writer& out, const std::array<bool, Size>& flags) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < Size; ++i)
    bits |= std::uint64_t{flags[i]} << i;
  out.number(bits, 1);
}

template <std::size_t Size>
void get_flags(byte_reader& in, const std::array<bool*, Size>& flags) {
  const auto bits = in.number(1);
  for (std::size_t i = 0; i < Size; ++i)
    *flags[i] = ((bits >> i) & 1u) != 0;
}

void put_person(byte_writer& out, const participant& one) {
  out.text(one.user.str());
  out.text(to_string(one.role));
  out.text(to_string(one.invited));
  out.text(one.device.str());
  out.text(one.peer_id);
  put_flags(out, std::array{one.dropped, one.media.video, one.media.audio, one.media.sharing,
                            one.ever.video, one.ever.audio, one.ever.sharing});
  out.number(static_cast<std::uint64_t>(one.present.count()), 8);
  out.number(one.version, 4);
  for (const auto* t : {&one.responded_at, &one.joined_at, &one.entered_at, &one.left_at})
    out.time(*t);
}

std::optional<participant> get_person(byte_reader& in, const call_id& call) {
  participant one;
  one.user = user_id{in.text()};
  const auto role = in.text();
  const auto invited = in.text();
  if (!in.ok() || !set_words(one, call, role, invited))
    return std::nullopt;
  one.device = device_id{in.text()};
  one.peer_id = in.text();
  get_flags(in, std::array{&one.dropped, &one.media.video, &one.media.audio, &one.media.sharing,
                           &one.ever.video, &one.ever.audio, &one.ever.sharing});
  one.present = milliseconds{static_cast<std::int64_t>(in.number(8))};
  one.version = static_cast<std::uint32_t>(in.number(4));
  for (auto* t : {&one.responded_at, &one.joined_at, &one.entered_at, &one.left_at})
    *t = in.maybe_time();
  return one;
}

// The figures of a sample, in the order of their bytes.
template <class Sample>
auto figures_of(Sample& sample) {
  return std::array{&sample.rtt_ms,
                    &sample.jitter_ms,
                    &sample.packet_loss,
                    &sample.bitrate_kbps,
                    &sample.connection_time_ms,
                    &sample.audio_level,
                    &sample.video_fps,
                    &sample.mos};
}

} // namespace

void put_session(byte_writer& out, const call_record& call) {
  const auto& facts = *call.session().facts;
  out.text(call.id.str());
  out.text(call.caller.str());
  out.text(call.ended_by.str());
  out.text(to_string(facts.type));
  out.text(to_string(call.status));
  out.text(stored_word(call.reason));
  for (const auto* text : {&facts.therapy_session, &facts.settings, &facts.metadata})
    out.text(*text);
  out.number(facts.seats, 4);
  out.number(call.version, 4);
  out.number(static_cast<std::uint64_t>(call.duration_s), 8);
  out.time(call.created_at);
  out.time(call.session().invited_until);
  for (const auto* t : {&call.started_at, &call.ended_at, &call.ring_deadline, &call.call_deadline})
    out.time(*t);
  out.number(call.people.size(), 4);
  for (const auto& one : call.people)
    put_person(out, one);
}

std::optional<call_record> get_session(byte_reader& in) {
  call_record call;
  session_facts facts;
  call.id = call_id{in.text()};
  call.caller = user_id{in.text()};
  call.ended_by = user_id{in.text()};
  const auto type = in.text();
  const auto status = in.text();
  const auto reason = in.text();
  for (auto* text : {&facts.therapy_session, &facts.settings, &facts.metadata})
    *text = in.text();
  if (!in.ok() || !set_words(call, facts, type, status, reason))
    return std::nullopt;
  facts.seats = static_cast<std::uint32_t>(in.number(4));
  call.version = static_cast<std::uint32_t>(in.number(4));
  call.duration_s = static_cast<std::int64_t>(in.number(8));
  call.created_at = in.time();
  call.part = session_part{std::make_shared<const session_facts>(std::move(facts)), in.time()};
  for (auto* t : {&call.started_at, &call.ended_at, &call.ring_deadline, &call.call_deadline})
    *t = in.maybe_time();
  const auto people = in.number(4);
  for (std::uint64_t i = 0; i < people; ++i) {
    auto one = get_person(in, call.id);
    if (!one) // also where the bytes end too soon, whatever the number of people says
      return std::nullopt;
    call.people.push_back(std::move(*one));
  }
  return call;
}

void put_sample(byte_writer& out, const quality_sample& sample) {
  out.text(sample.call.str());
  out.text(sample.user.str());
  out.time(sample.at);
  for (const auto* figure : figures_of(sample))
    out.real(*figure);
  out.text(sample.resolution);
}

quality_sample get_sample(byte_reader& in) {
  quality_sample sample;
  sample.call = call_id{in.text()};
  sample.user = user_id{in.text()};
  sample.at = in.time();
  for (auto* figure : figures_of(sample))
    *figure = in.maybe_real();
  sample.resolution = in.text();
  return sample;
}

} // namespace carillon::persistence
