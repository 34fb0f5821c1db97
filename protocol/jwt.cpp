#include "protocol/jwt.hpp"

#include "protocol/base64.hpp"
#include "protocol/json.hpp"
#include "protocol/verification_key.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <initializer_list>
#include <optional>
#include <vector>

namespace carillon {

namespace {

// Real tokens have one or two KiB; HTTP servers take about 8 KiB of headers.
constexpr std::size_t max_token_bytes = 8192;

// The last time that a JavaScript Date can hold, in milliseconds.
constexpr double max_time_ms = 8.64e15;

constexpr std::array<std::string_view, 5> id_claims{"sub", "user_id", "userId", "id", "_id"};

failure refused(std::string_view why) { return {error_code::unauthorized, std::string{why}}; }

/// A token cut at its dots, still encoded.
struct token_parts {
  std::string_view header;
  std::string_view payload;
  std::string_view signature;
  std::string_view signed_text;
};

std::optional<token_parts> split(std::string_view token) {
  auto first = token.find('.');
  auto last = token.rfind('.');
  if (first == std::string_view::npos || first == last || token.find('.', first + 1) != last)
    return std::nullopt;
  return token_parts{token.substr(0, first), token.substr(first + 1, last - first - 1),
                     token.substr(last + 1), token.substr(0, last)};
}

/// Decodes one part of a token into `text`, which the object's views point into.
result<json::object> decode_part(std::string_view encoded, std::string& text) {
  auto bytes = decode_base64url(encoded);
  if (!bytes)
    return refused("not base64url");
  text = std::move(*bytes);
  return json::object::parse(text);
}

/// A NumericDate (RFC 7519, section 2) in seconds, which may have a fraction.
struct numeric_date {
  numeric_date(const json::object& claims, std::string_view name) {
    const auto* found = claims.find(name);
    if (found == nullptr)
      return;
    double value = 0;
    auto raw = found->raw;
    auto [end, error] = std::from_chars(raw.data(), raw.data() + raw.size(), value);
    malformed = found->type != json::kind::number || error != std::errc{};
    if (!malformed)
      at = value;
  }

  bool malformed = false;
  std::optional<double> at;
};

std::optional<std::string> find_user_id(const json::object& claims) {
  for (auto name : id_claims) {
    const auto* found = claims.find(name);
    if (found == nullptr || found->type == json::kind::null)
      continue;
    bool integer = found->type == json::kind::number
                   && found->raw.find_first_not_of("-0123456789") == std::string_view::npos;
    std::string text{integer ? found->raw : std::string_view{found->text}};
    return is_id(text) ? std::optional{std::move(text)} : std::nullopt;
  }
  return std::nullopt;
}

/// The first of `names` that has text. Control characters are left out: no name needs them, and
/// PostgreSQL cannot keep a NUL.
std::string text_claim(const json::object& claims, std::initializer_list<std::string_view> names) {
  for (auto name : names)
    if (auto found = claims.string(name)) {
      std::string text{*found};
      std::erase_if(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
      if (!text.empty())
        return text;
    }
  return {};
}

bool has_audience(const json::object& claims, std::string_view wanted) {
  const auto* found = claims.find("aud");
  if (found == nullptr)
    return false;
  if (found->type == json::kind::string)
    return found->text == wanted;
  auto list = json::parse_array(found->raw);
  return list && std::any_of(list->begin(), list->end(), [&](const json::member& entry) {
           return entry.type == json::kind::string && entry.text == wanted;
         });
}

class jwt_authenticator final : public authenticator {
public:
  jwt_authenticator(jwt_settings settings, std::vector<verification_key_ptr> keys)
    : settings_(std::move(settings))
    , keys_(std::move(keys)) {}

  result<verified_token> verify(std::string_view token, time_point now) const override {
    if (token.size() > max_token_bytes)
      return refused("too long");
    auto parts = split(token);
    if (!parts)
      return refused("not three parts");
    std::string text;
    auto header = decode_part(parts->header, text);
    if (!header)
      return refused("malformed header");
    // Critical extensions must be understood (RFC 7515, section 4.1.11), and none is.
    if (header->find("crit") != nullptr)
      return refused("critical extension");
    if (auto signature = check_signature(*header, *parts); !signature)
      return signature.error();
    auto claims = decode_part(parts->payload, text);
    if (!claims)
      return refused("malformed claims");
    return check_claims(*claims, now);
  }

private:
  status check_signature(const json::object& header, const token_parts& parts) const {
    auto algorithm = header.string("alg");
    auto key = std::find_if(keys_.begin(), keys_.end(), [&](const verification_key_ptr& k) {
      return algorithm && k->algorithm() == *algorithm;
    });
    if (key == keys_.end())
      return refused("algorithm");
    auto signature = decode_base64url(parts.signature);
    if (!signature || !(*key)->verify(parts.signed_text, *signature))
      return refused("signature");
    return success();
  }

  result<verified_token> check_claims(const json::object& claims, time_point now) const {
    double now_s = static_cast<double>(to_epoch_ms(now)) / 1000;
    auto leeway_s = static_cast<double>(settings_.leeway.count());
    numeric_date expiry{claims, "exp"};
    numeric_date not_before{claims, "nbf"};
    if (expiry.malformed || not_before.malformed)
      return refused("malformed time");
    if (expiry.at && now_s >= *expiry.at + leeway_s)
      return refused("expired");
    if (not_before.at && now_s < *not_before.at - leeway_s)
      return refused("not yet valid");
    if (!settings_.issuer.empty() && claims.string("iss") != settings_.issuer)
      return refused("issuer");
    if (!settings_.audience.empty() && !has_audience(claims, settings_.audience))
      return refused("audience");
    auto id = find_user_id(claims);
    if (!id)
      return refused("no usable user id");
    verified_token out;
    out.who.user = user_id{std::move(*id)};
    out.who.claims = {.name = text_claim(claims, {"name", "username"}),
                      .email = text_claim(claims, {"email"}),
                      .image = text_claim(claims, {"picture", "image"}),
                      .role = text_claim(claims, {"role"})};
    if (expiry.at) {
      auto ms = std::floor(std::clamp(*expiry.at * 1000, -max_time_ms, max_time_ms));
      out.expires_at = from_epoch_ms(static_cast<std::int64_t>(ms));
    }
    return out;
  }

  jwt_settings settings_;
  std::vector<verification_key_ptr> keys_;
};

} // namespace

result<std::shared_ptr<const authenticator>> authenticator::create(jwt_settings settings) {
  std::vector<verification_key_ptr> keys;
  if (!settings.secret.empty())
    keys.push_back(make_hs256_key(settings.secret));
  if (!settings.public_key_pem.empty()) {
    auto key = make_public_key(settings.public_key_pem);
    if (!key)
      return key.error();
    keys.push_back(*std::move(key));
  }
  if (keys.empty())
    return failure{error_code::invalid_field, "neither a secret nor a public key"};
  // The keys hold what they need.
  settings.secret.clear();
  settings.public_key_pem.clear();
  return std::shared_ptr<const authenticator>{
      std::make_shared<const jwt_authenticator>(std::move(settings), std::move(keys))};
}

std::string make_token(std::string_view secret, const identity& who, time_point now, seconds ttl,
                       std::string_view issuer, std::string_view audience) {
  auto issued = std::chrono::floor<seconds>(now).time_since_epoch();
  json::writer claims;
  claims.begin_object().field("sub", who.user.str());
  auto add = [&](std::string_view name, std::string_view value) {
    if (!value.empty())
      claims.field(name, value);
  };
  add("name", who.claims.name);
  add("email", who.claims.email);
  add("picture", who.claims.image);
  add("role", who.claims.role);
  add("iss", issuer);
  add("aud", audience);
  claims.field("iat", std::int64_t{issued.count()})
      .field("exp", std::int64_t{(issued + ttl).count()})
      .end_object();
  auto token =
      encode_base64url(R"({"alg":"HS256","typ":"JWT"})") + "." + encode_base64url(claims.text());
  return token + "." + encode_base64url(hmac_sha256(secret, token));
}

} // namespace carillon
