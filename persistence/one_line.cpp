#include "persistence/one_line.hpp"

namespace carillon::persistence {

std::string one_line(std::string_view text) {
  std::string line;
  line.reserve(text.size());
  bool gap = false;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= ' ' || byte == 0x7F) {
      gap = true;
      continue;
    }
    if (gap && !line.empty())
      line += ' ';
    gap = false;
    line += c;
  }
  return line;
}

} // namespace carillon::persistence
