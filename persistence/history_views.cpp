#include "persistence/history_views.hpp"

namespace carillon::persistence {

history_view direct_view(bool missed_only, std::optional<media_type> type,
                         history_stream (*stream)(history_part, media_type)) {
  history_view view;
  for (auto of : {media_type::audio, media_type::video}) {
    if (type && *type != of)
      continue;
    if (missed_only) {
      view.streams.push_back(stream(history_part::missed, of));
    } else {
      view.streams.push_back(stream(history_part::made, of));
      view.streams.push_back(stream(history_part::received, of));
    }
    // The classes of `history_blocks`: audio is even, and missed calls are from 2 on.
    const bool video = of == media_type::video;
    const std::string others = video ? "n1" : "n0";
    const std::string missed = video ? "n3" : "n2";
    view.counted += view.counted.empty() ? "" : " + ";
    view.counted += missed_only ? missed : others + " + " + missed;
  }
  return view;
}

} // namespace carillon::persistence
