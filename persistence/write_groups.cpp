#include "persistence/write_groups.hpp"

#include <string_view>
#include <unordered_set>

namespace carillon::persistence {

namespace {

// The rows that the group at hand touches. The views point into the ops.
struct touched_rows {
  std::unordered_set<std::string_view> users;
  std::unordered_set<std::string_view> records;
  std::unordered_set<std::string_view> hides;
  std::unordered_set<std::string> samples;
  std::unordered_set<std::string_view> tokens;
  std::unordered_set<std::string_view> channels;
  std::unordered_set<std::string> messages; // by id
  std::unordered_set<std::string> places;   // the same by seq
  std::unordered_set<std::uint64_t> entries;
  std::unordered_set<std::uint64_t> results;

  bool takes(const user_ptr& user) { return users.insert(user->id.str()).second; }
  bool takes(const call_record& call) {
    return !hides.contains(call.id.str()) && records.insert(call.id.str()).second;
  }
  bool takes(const hide_op& hide) { return hides.insert(hide.call.str()).second; }
  bool takes(const quality_sample& s) {
    return samples.insert(key_of(s.call.str(), s.user.str(), to_epoch_ms(s.at))).second;
  }
  bool takes(const recording_news&) { return true; } // they are written one by one
  bool takes(const stored_token& token) { return tokens.insert(token.user.str()).second; }
  bool takes(const channel_record& c) { return channels.insert(c.call.str()).second; }
  bool takes(const chat_message_ptr& m) {
    return messages.insert(key_of(m->call.str(), m->id, 0)).second
           && places.insert(key_of(m->call.str(), {}, static_cast<std::int64_t>(m->seq))).second;
  }
  bool takes(const outbox_entry& entry) {
    return !results.contains(entry.position) && entries.insert(entry.position).second;
  }
  bool takes(const outbox_result& done) { return results.insert(done.position).second; }
  bool takes(const timeline_ptr&) { return true; }
};

std::vector<std::size_t>& table_of(const write_op& op, write_group& group) {
  struct {
    write_group& group;
    std::vector<std::size_t>& operator()(const user_ptr&) const { return group.users; }
    std::vector<std::size_t>& operator()(const call_record& call) const {
      switch (call.kind()) {
      case call_kind::session:
        return group.sessions;
      case call_kind::video:
        return group.video_calls;
      case call_kind::direct:
      case call_kind::stream: // no call is of it
        break;
      }
      return group.direct_calls;
    }
    std::vector<std::size_t>& operator()(const hide_op&) const { return group.hides; }
    std::vector<std::size_t>& operator()(const quality_sample&) const { return group.samples; }
    std::vector<std::size_t>& operator()(const recording_news&) const { return group.recordings; }
    std::vector<std::size_t>& operator()(const stored_token&) const { return group.tokens; }
    std::vector<std::size_t>& operator()(const channel_record&) const { return group.channels; }
    std::vector<std::size_t>& operator()(const chat_message_ptr&) const { return group.messages; }
    std::vector<std::size_t>& operator()(const outbox_entry&) const { return group.entries; }
    std::vector<std::size_t>& operator()(const outbox_result&) const { return group.results; }
    std::vector<std::size_t>& operator()(const timeline_ptr&) const { return group.timelines; }
  } table{group};
  return std::visit(table, op);
}

} // namespace

std::string key_of(std::string_view call, std::string_view user, std::int64_t at_ms) {
  // The length of the first text says where the second one begins.
  return std::to_string(at_ms)
      .append(1, ' ')
      .append(std::to_string(call.size()))
      .append(1, ' ')
      .append(call)
      .append(user);
}

std::vector<write_group> split_into_groups(std::span<const write_op> ops) {
  std::vector<write_group> groups;
  touched_rows touched;
  for (std::size_t i = 0; i < ops.size(); ++i) {
    const auto fits = [&] {
      return std::visit([&](const auto& op) { return touched.takes(op); }, ops[i]);
    };
    if (groups.empty())
      groups.emplace_back();
    if (!fits()) {
      groups.emplace_back();
      touched = {};
      fits(); // an empty group takes everything
    }
    table_of(ops[i], groups.back()).push_back(i);
  }
  return groups;
}

} // namespace carillon::persistence
