#include "persistence/store_guard.hpp"

#include "config/log.hpp"
#include "persistence/one_line.hpp"

namespace carillon::persistence {

void store_guard::worked() noexcept {
  if (!away_)
    return;
  away_ = false;
  log::info("store_back", {{"store", store_}});
}

failure store_guard::failed(std::string_view what, detail shown, store_error::cause why,
                            const char* thrown) {
  const auto text = one_line(thrown);
  if (why == store_error::cause::data) {
    log::error("store_refused_data", {{"store", store_}, {"during", what}, {"error", text}});
    return {error_code::internal, shown == detail::told ? text : std::string{}};
  }
  // One line for an outage, not one for each request during it.
  if (away_)
    log::debug("store_away", {{"store", store_}, {"during", what}, {"error", text}});
  else
    log::warn("store_away", {{"store", store_}, {"during", what}, {"error", text}});
  away_ = true;
  failure refusal{error_code::store_unavailable, shown == detail::told ? text : std::string{}};
  refusal.retry_after_s = store_retry_after_s;
  return refusal;
}

} // namespace carillon::persistence
