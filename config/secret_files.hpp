#pragma once

#include "config/load_error.hpp"
#include "config/settings.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace carillon::config {

/// A secret that is kept in a file of its own, one line of text.
struct kept_secret {
  std::string value; ///< without the line's end
  std::string path;
  bool made = false;    ///< by this call
  bool exposed = false; ///< others than the owner may read or write the file
};

/// Reads the secret in `data_dir/name`; makes it there when there is none: 32 random bytes as
/// hexadecimal digits, mode 0600, on disk when this returns. Of several processes that do this at
/// once one makes it and all return the same. Blocks on the disk.
[[nodiscard]] expected<kept_secret> keep_secret(const std::string& data_dir, std::string_view name);

/// Makes `data_dir` (mode 0700) and the directories above it; one that exists is left as it is.
[[nodiscard]] expected<std::string> make_data_dir(const std::string& data_dir);

/// Something that the operator should hear of at start.
struct notice {
  bool warning = false;
  std::string event;   ///< for the log: `secret_made`, `secret_exposed`, `secret_short`
  std::string setting; ///< for example `auth.jwt_secret`
  std::string path;    ///< of the file, if there is one
};

/// Fills in `auth.jwt_secret` from the file `jwt_secret` in `data_dir`, which is made with it when
/// missing; only when neither a secret nor a public key is configured. What `carillon token` needs.
[[nodiscard]] expected<std::vector<notice>> fill_jwt_secret(settings& of);

/// The same, and `stream.token_key` from `stream_token_key`; and makes `data_dir` in any case. What
/// `carillon serve` needs. Called by `main` before threads start.
[[nodiscard]] expected<std::vector<notice>> fill_secrets(settings& of);

} // namespace carillon::config
