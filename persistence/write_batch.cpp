#include "persistence/write_batch.hpp"

#include <string_view>
#include <utility>

namespace carillon::persistence {

namespace {

// What an op, or one of the people in it, costs besides its texts; only the order of magnitude
// matters.
constexpr std::size_t op_overhead = 128;

std::size_t size_of(const user_claims& c) {
  return c.name.size() + c.email.size() + c.image.size() + c.role.size();
}

std::size_t size_of(const call_record&, const direct_part& part) {
  return part.receiver.str().size();
}

std::size_t size_of(const call_record& call, const session_part& part) {
  std::size_t size = 0;
  if (part.facts)
    size += part.facts->settings.size() + part.facts->metadata.size()
            + part.facts->therapy_session.size();
  for (const auto& one : call.people)
    size += op_overhead + one.user.str().size() + one.device.str().size() + one.peer_id.size();
  return size;
}

std::size_t size_of(const call_record& call, const video_part& part) {
  std::size_t size = 0;
  if (part.facts) {
    const auto& facts = *part.facts;
    size +=
        facts.call_id.size() + facts.name.size() + facts.event_id.size() + facts.settings.size();
    for (const auto& member : facts.members)
      size += member.user.str().size() + member.role.size();
  }
  for (const auto& one : call.people)
    size += op_overhead + one.user.str().size() + one.device.str().size();
  return size;
}

std::size_t size_of(const write_op& op) {
  struct {
    std::size_t operator()(const user_ptr& u) const {
      return u ? u->id.str().size() + size_of(u->profile) + size_of(u->claimed) : 0;
    }
    std::size_t operator()(const call_record& c) const {
      const auto ids = c.id.str().size() + c.caller.str().size() + c.ended_by.str().size();
      return ids + std::visit([&](const auto& part) { return size_of(c, part); }, c.part);
    }
    std::size_t operator()(const hide_op& h) const {
      return h.user.str().size() + h.call.str().size();
    }
    std::size_t operator()(const quality_sample& s) const {
      return s.user.str().size() + s.call.str().size() + s.resolution.size();
    }
    std::size_t operator()(const recording_news& n) const {
      return n.webhook.size() + n.adopts.size() + n.what.id.size() + n.what.url.size();
    }
    std::size_t operator()(const stored_token& t) const {
      return t.user.str().size() + t.sealed.size();
    }
    std::size_t operator()(const channel_record& c) const {
      std::size_t size = c.call.str().size() + c.created_by.str().size() + c.call_type.size();
      for (const auto& member : c.members)
        size += member.str().size();
      return size;
    }
    std::size_t operator()(const chat_message_ptr& m) const {
      return m ? m->call.str().size() + m->id.size() + m->from.str().size() + m->text.size()
                     + m->attachments.size()
               : 0;
    }
    std::size_t operator()(const outbox_entry& e) const {
      return e.lane.size() + e.path.size() + e.body.size();
    }
    std::size_t operator()(const outbox_result& r) const { return r.error.size(); }
    std::size_t operator()(const timeline_ptr& t) const {
      return t ? t->call.str().size() + t->packed.size() : 0;
    }
  } texts;
  return op_overhead + std::visit(texts, op);
}

// Empty: the op stands for itself (each hide, sample, webhook and message has an answer of its
// own, and of timelines there is one for a call).
std::string key_of(const write_op& op) {
  if (const auto* user = std::get_if<user_ptr>(&op))
    return *user ? "u" + (*user)->id.str() : std::string{};
  if (const auto* record = std::get_if<call_record>(&op))
    return "c" + record->id.str();
  if (const auto* token = std::get_if<stored_token>(&op))
    return "t" + token->user.str();
  if (const auto* channel = std::get_if<channel_record>(&op))
    return "k" + channel->call.str();
  return {};
}

bool replaces(const write_op& later, const write_op& earlier) {
  if (std::holds_alternative<channel_record>(later))
    return false; // but see `close_too`
  if (const auto* token = std::get_if<stored_token>(&later))
    return token->expires_at >= std::get<stored_token>(earlier).expires_at;
  const auto* record = std::get_if<call_record>(&later);
  return !record || record->version > std::get<call_record>(earlier).version;
}

// A record of video leaves out those people whose state was confirmed. Where that was on the way to
// the spool they are in the earlier record alone.
void keep_people(call_record& later, call_record& earlier) {
  if (later.kind() != call_kind::video || earlier.people.empty())
    return;
  std::unordered_map<std::string_view, std::size_t> places;
  for (std::size_t i = 0; i < earlier.people.size(); ++i)
    places.emplace(earlier.people[i].user.str(), i);
  std::vector<std::size_t> to; // found before anything moves what the views see
  for (const auto& one : later.people) {
    const auto place = places.find(one.user.str());
    to.push_back(place != places.end() ? place->second : earlier.people.size());
  }
  auto people = std::move(earlier.people);
  const auto known = people.size();
  for (std::size_t i = 0; i < to.size(); ++i) {
    if (to[i] < known)
      people[to[i]] = std::move(later.people[i]);
    else
      people.push_back(std::move(later.people[i]));
  }
  later.people = std::move(people);
}

// Of a channel the first row is the one that counts, as in the store; the first end, too.
void close_too(write_op& earlier, const write_op& later) {
  auto* channel = std::get_if<channel_record>(&earlier);
  if (channel && !channel->closed_at)
    channel->closed_at = std::get<channel_record>(later).closed_at;
}

} // namespace

std::size_t write_batch::add(write_op op, time_point now) {
  if (!first_at_)
    first_at_ = now;
  if (auto key = key_of(op); !key.empty()) {
    const auto [known, is_new] = index_.try_emplace(std::move(key), ops_.size());
    if (!is_new) {
      auto& earlier = ops_[known->second];
      if (replaces(op, earlier)) {
        bytes_ -= size_of(earlier);
        if (auto* record = std::get_if<call_record>(&op))
          keep_people(*record, std::get<call_record>(earlier));
        bytes_ += size_of(op);
        earlier = std::move(op);
      } else {
        close_too(earlier, op);
      }
      return known->second;
    }
  }
  bytes_ += size_of(op);
  ops_.push_back(std::move(op));
  return ops_.size() - 1;
}

bool write_batch::full() const noexcept {
  return !ops_.empty() && (ops_.size() >= limits_.rows || bytes_ >= limits_.bytes);
}

std::optional<time_point> write_batch::due() const noexcept {
  if (!first_at_)
    return std::nullopt;
  return *first_at_ + limits_.age;
}

std::vector<write_op> write_batch::take() noexcept {
  index_.clear();
  bytes_ = 0;
  first_at_.reset();
  return std::exchange(ops_, {});
}

} // namespace carillon::persistence
