#pragma once

#include <random>
#include <string>
#include <vector>

/// Makes random JSON objects, with the texts of their members, from a seed.
class json_maker {
public:
  explicit json_maker(unsigned seed)
    : random_(seed) {}

  /// An object with the keys `k0`, `k1` and so on; `raws` gets the text of each value.
  std::string object(std::vector<std::string>& raws) {
    std::string out = space() + "{" + space();
    auto count = below(6);
    for (unsigned i = 0; i < count; ++i) {
      raws.push_back(value(4));
      out += i == 0 ? "" : "," + space();
      out += "\"k" + std::to_string(i) + "\"" + space() + ":" + space() + raws.back() + space();
    }
    return out + "}" + space();
  }

private:
  unsigned below(unsigned bound) { return static_cast<unsigned>(random_() % bound); }

  template <std::size_t Size>
  std::string one_of(const char* const (&choices)[Size]) {
    return choices[below(Size)];
  }

  std::string space() { return one_of({"", "", "", " ", "\n", "\t \r\n"}); }

  std::string literal() {
    std::string out = "\"";
    for (auto left = below(8); left > 0; --left)
      out += one_of({"a", "{", "}", "[", "]", ",", ":", "\\\"", "\\\\", "\\n", "\\u0022", "\\/",
                     "\xC3\xA9", "\\ud83d\\ude00", " ", "123456789012345678901234"});
    return out + "\"";
  }

  std::string scalar() {
    return one_of({"0", "-1", "1.5e10", "1e400", "123456789012345678901234567890", "true", "false",
                   "null", "-0.0"});
  }

  std::string value(int depth) {
    switch (depth > 0 ? below(4) : below(2)) {
    case 0:
      return literal();
    case 1:
      return scalar();
    case 2:
      return list('[', ']', depth, false);
    default:
      return list('{', '}', depth, true);
    }
  }

  std::string list(char open, char close, int depth, bool keys) {
    std::string out = open + space();
    auto count = below(4);
    for (unsigned i = 0; i < count; ++i) {
      out += i == 0 ? "" : "," + space();
      if (keys)
        out += literal() + space() + ":" + space();
      out += value(depth - 1) + space();
    }
    return out + close;
  }

  std::mt19937 random_;
};
