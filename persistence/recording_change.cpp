#include "persistence/recording_change.hpp"

#include <algorithm>
#include <string_view>

namespace carillon::persistence {

namespace {

const recording* find(std::span<const recording> known, std::string_view id) {
  const auto at =
      std::find_if(known.begin(), known.end(), [&](const recording& one) { return one.id == id; });
  return at == known.end() ? nullptr : &*at;
}

// The last part of the path: a URL may be signed anew each time that it is told.
std::string_view file_of(std::string_view url) {
  const auto path = url.substr(0, url.find_first_of("?#"));
  const auto file = path.substr(path.rfind('/') + 1); // all of it where there is no slash
  return file.empty() ? url : file;
}

bool is_another_file(const recording& row, const recording& news) {
  return row.status == recording_status::ready && news.status == recording_status::ready
         && !row.url.empty() && !news.url.empty() && file_of(row.url) != file_of(news.url);
}

} // namespace

recording_change change_by(const recording_news& news, std::span<const recording> known) {
  using kind = recording_change::kind;
  recording_change change{kind::insert, news.what.id, {}};
  const auto* row = find(known, change.id);
  if (row == nullptr && !news.adopts.empty()) {
    row = find(known, news.adopts);
    if (row != nullptr)
      change.renames = news.adopts;
  }
  if (row != nullptr && is_another_file(*row, news.what)) {
    change.renames.clear();
    change.id.append("/").append(file_of(news.what.url));
    row = find(known, change.id);
  }
  if (row != nullptr)
    change.what = news.what.status > row->status ? kind::update : kind::nothing;
  return change;
}

std::string recording_columns(spell_time times) {
  return "stream_recording_id, call_id, status, recording_url, file_size_bytes, duration_seconds, "
         + times("created_at") + ", " + times("updated_at");
}

} // namespace carillon::persistence
