#include "protocol/dialects/sessions_parts.hpp"

#include "protocol/dialects/words.hpp"

#include <array>
#include <utility>

namespace carillon::sessions {

namespace {

// What clients are told to ask their devices for.
constexpr std::string_view media_constraints =
    R"({"video":{"width":{"min":320,"ideal":640,"max":1280},)"
    R"("height":{"min":240,"ideal":480,"max":720},"frameRate":{"min":15,"ideal":24,"max":30}},)"
    R"("audio":{"echoCancellation":true,"noiseSuppression":true,"autoGainControl":true},)"
    R"("screen":{"video":{"mediaSource":"screen","width":{"max":1920},"height":{"max":1080},)"
    R"("frameRate":{"max":15}},"audio":false}})";

} // namespace

status read_media(const json::object& from, command::set_media& to) {
  using flag = std::pair<std::string_view, std::optional<bool>*>;
  const std::array<flag, 3> flags{
      {{"hasVideo", &to.video}, {"hasAudio", &to.audio}, {"isScreenSharing", &to.sharing}}};
  bool any = false;
  for (auto [name, value] : flags) {
    if (is_absent(from.find(name)))
      continue;
    *value = from.boolean(name);
    if (!*value)
      return bad_field(to.call, name);
    any = true;
  }
  if (!any)
    return bad_field(to.call, "hasVideo, hasAudio or isScreenSharing");
  return success();
}

void write_user(json::writer& out, std::string_view name, const user_view& who) {
  out.key(name).begin_object().field("userId", who.user->id.str());
  write_user_fields(out, who);
  out.end_object();
}

void write_media(json::writer& out, const media_state& media) {
  out.field("hasVideo", media.video)
      .field("hasAudio", media.audio)
      .field("isScreenSharing", media.sharing);
}

void write_place(json::writer& out, const participant& who) {
  write_text(out, "socketId", who.device.str());
  write_text(out, "peerId", who.peer_id);
  write_time(out, "joinedAt", who.joined_at);
}

void write_present(json::writer& out, const participant& who, std::string_view name) {
  out.begin_object().field("userId", who.user.str()).field("username", name);
  write_place(out, who);
  out.field("isActive", true);
  write_media(out, who.media);
  out.end_object();
}

void write_facts(json::writer& out, const session_facts& facts) {
  out.key("callSettings").raw(facts.settings).key("metadata").raw(facts.metadata);
}

void write_constraints(json::writer& out) { out.key("mediaConstraints").raw(media_constraints); }

} // namespace carillon::sessions
