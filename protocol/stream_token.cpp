#include "protocol/stream_token.hpp"

#include "protocol/base64.hpp"
#include "protocol/json.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/verification_key.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <memory>
#include <stdexcept>
#include <utility>

namespace carillon {

namespace {

constexpr std::size_t key_bytes = 32;
constexpr std::size_t nonce_bytes = 12;
constexpr std::size_t tag_bytes = 16;
constexpr std::string_view version = "v1.";

// Beyond it no JavaScript Date goes; what is signed with our secret is not always made by us.
constexpr double max_time_s = 8.64e12;

struct cipher_freed {
  void operator()(EVP_CIPHER_CTX* what) const noexcept { EVP_CIPHER_CTX_free(what); }
};
using cipher_ptr = std::unique_ptr<EVP_CIPHER_CTX, cipher_freed>;

const unsigned char* bytes_of(std::string_view text) noexcept {
  return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* bytes_of(std::string& text) noexcept {
  return reinterpret_cast<unsigned char*>(text.data());
}

std::string random_bytes(std::size_t count) {
  std::string out(count, '\0');
  if (RAND_bytes(bytes_of(out), static_cast<int>(count)) != 1)
    throw std::runtime_error("the system has no random numbers");
  return out;
}

/// The bytes that 64 hexadecimal digits stand for; nothing for any other text.
std::optional<std::string> key_in(std::string_view hex) {
  if (hex.size() != 2 * key_bytes)
    return std::nullopt;
  std::string out;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    unsigned char byte = 0;
    auto [end, error] = std::from_chars(hex.data() + i, hex.data() + i + 2, byte, 16);
    if (error != std::errc{} || end != hex.data() + i + 2)
      return std::nullopt;
    out += static_cast<char>(byte);
  }
  return out;
}

/// Ciphertext and tag of AES-256-GCM (NIST SP 800-38D).
std::string encrypt(std::string_view key, std::string_view nonce, std::string_view about,
                    std::string_view text) {
  cipher_ptr with{EVP_CIPHER_CTX_new()};
  std::string out(text.size() + tag_bytes, '\0');
  int count = 0;
  bool good =
      with
      && EVP_EncryptInit_ex(with.get(), EVP_aes_256_gcm(), nullptr, bytes_of(key), bytes_of(nonce))
             == 1
      && EVP_EncryptUpdate(with.get(), nullptr, &count, bytes_of(about),
                           static_cast<int>(about.size()))
             == 1
      && EVP_EncryptUpdate(with.get(), bytes_of(out), &count, bytes_of(text),
                           static_cast<int>(text.size()))
             == 1
      && EVP_EncryptFinal_ex(with.get(), bytes_of(out) + count, &count) == 1
      && EVP_CIPHER_CTX_ctrl(with.get(), EVP_CTRL_GCM_GET_TAG, tag_bytes,
                             bytes_of(out) + text.size())
             == 1;
  if (!good)
    throw std::runtime_error("AES-256-GCM is not available");
  return out;
}

/// What `encrypt` was given; nothing where anything of it is another.
std::optional<std::string> decrypt(std::string_view key, std::string_view nonce,
                                   std::string_view about, std::string_view sealed) {
  cipher_ptr with{EVP_CIPHER_CTX_new()};
  std::string tag{sealed.substr(sealed.size() - tag_bytes)};
  auto hidden = sealed.substr(0, sealed.size() - tag_bytes);
  std::string out(hidden.size(), '\0');
  int count = 0;
  bool good =
      with
      && EVP_DecryptInit_ex(with.get(), EVP_aes_256_gcm(), nullptr, bytes_of(key), bytes_of(nonce))
             == 1
      && EVP_DecryptUpdate(with.get(), nullptr, &count, bytes_of(about),
                           static_cast<int>(about.size()))
             == 1
      && EVP_DecryptUpdate(with.get(), bytes_of(out), &count, bytes_of(hidden),
                           static_cast<int>(hidden.size()))
             == 1
      && EVP_CIPHER_CTX_ctrl(with.get(), EVP_CTRL_GCM_SET_TAG, tag_bytes, bytes_of(tag)) == 1
      && EVP_DecryptFinal_ex(with.get(), bytes_of(out) + count, &count) == 1;
  // A wrong tag also leaves entries in the thread's error queue.
  ERR_clear_error();
  return good ? std::optional{std::move(out)} : std::nullopt;
}

/// When the token ends, if `secret` signed it and it is `user`'s.
std::optional<time_point> expiry_of(std::string_view token, std::string_view secret,
                                    const user_id& user) {
  auto first = token.find('.');
  auto last = token.rfind('.');
  if (first == last) // also where there is none
    return std::nullopt;
  auto signature = decode_base64url(token.substr(last + 1));
  if (!signature || !make_hs256_key(std::string{secret})->verify(token.substr(0, last), *signature))
    return std::nullopt;
  auto text = decode_base64url(token.substr(first + 1, last - first - 1));
  if (!text)
    return std::nullopt;
  auto claims = json::object::parse(*text);
  if (!claims || claims->string("user_id") != user.str())
    return std::nullopt;
  auto at = claims->number("exp");
  if (!at || *at < 0 || *at > max_time_s)
    return std::nullopt;
  return time_point{seconds{static_cast<std::int64_t>(std::floor(*at))}};
}

} // namespace

stream_tokens::stream_tokens(stream_credentials with)
  : with_(std::move(with))
  , key_(key_in(with_.token_key).value_or(std::string{})) {
  // What nobody else can read is worth as much in the store as nothing, and harms nobody.
  if (key_.empty())
    key_ = random_bytes(key_bytes);
}

result<stream_token> stream_tokens::make(const user_id& user, time_point now, seconds ttl) const {
  if (!ready())
    return failure{error_code::stream_not_configured, "stream.api_secret is not set"};
  auto at = std::chrono::floor<seconds>(now).time_since_epoch();
  json::writer claims;
  claims.begin_object()
      .field("user_id", user.str())
      .field("iat", std::int64_t{at.count() - 1})
      .field("exp", std::int64_t{(at + ttl).count()})
      .end_object();
  stream_token out;
  out.expires_at = time_point{at + ttl};
  out.text =
      encode_base64url(R"({"alg":"HS256","typ":"JWT"})") + "." + encode_base64url(claims.text());
  out.text += "." + encode_base64url(hmac_sha256(with_.api_secret, out.text));
  return out;
}

std::string stream_tokens::seal(const user_id& user, const stream_token& token) const {
  auto sealed = random_bytes(nonce_bytes);
  sealed += encrypt(key_, sealed, user.str(), token.text);
  return std::string{version} + encode_base64url(sealed);
}

std::optional<stream_token> stream_tokens::unseal(const user_id& user, std::string_view sealed,
                                                  time_point now, seconds at_least) const {
  if (!ready() || !sealed.starts_with(version))
    return std::nullopt;
  auto bytes = decode_base64url(sealed.substr(version.size()));
  if (!bytes || bytes->size() < nonce_bytes + tag_bytes)
    return std::nullopt;
  std::string_view all{*bytes};
  auto text = decrypt(key_, all.substr(0, nonce_bytes), user.str(), all.substr(nonce_bytes));
  if (!text)
    return std::nullopt;
  auto expires_at = expiry_of(*text, with_.api_secret, user);
  if (!expires_at || *expires_at - now <= at_least)
    return std::nullopt;
  return stream_token{*std::move(text), *expires_at};
}

} // namespace carillon
