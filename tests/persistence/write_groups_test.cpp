#include "persistence/write_groups.hpp"

#include "tests/catch.hpp"
#include "tests/persistence/databases.hpp"

namespace carillon::persistence::test {

namespace {

// Each group as `users/records/hides`, by op index.
std::string shape(const std::vector<write_op>& ops) {
  std::string text;
  for (const auto& group : split_into_groups(ops)) {
    text += text.empty() ? "" : " | ";
    const auto list = [&](const std::vector<std::size_t>& which) {
      for (auto i : which)
        text += std::to_string(i);
    };
    list(group.users);
    text += "/";
    list(group.records);
    text += "/";
    list(group.hides);
  }
  return text;
}

hide_op hide(const std::string& user, const std::string& call) {
  return {user_id{user}, call_id{call}};
}

} // namespace

TEST_CASE("what does not touch the same rows is one group", "[write_groups]") {
  CHECK(shape({}).empty());
  CHECK(shape({ringing("a", "x", "y"), person("u"), hide("x", "b"), ringing("c", "x", "y"),
               hide("x", "a"), person("a")})
        == "15/03/24");
}

TEST_CASE("a row is not written twice in a group", "[write_groups]") {
  CHECK(shape({person("u"), person("u"), person("v")}) == "0// | 12//");
  CHECK(shape({ringing("a", "x", "y"), ringing("a", "x", "y")}) == "/0/ | /1/");
  CHECK(shape({hide("x", "a"), hide("y", "a"), hide("x", "b")}) == "//0 | //12");
}

TEST_CASE("a record does not overtake a hide of its call", "[write_groups]") {
  CHECK(shape({hide("x", "a"), ringing("b", "x", "y"), ringing("a", "x", "y"), hide("x", "a")})
        == "/1/0 | /2/3");
}

} // namespace carillon::persistence::test
