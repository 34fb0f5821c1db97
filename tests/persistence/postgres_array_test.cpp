#include "persistence/postgres_array.hpp"

#include "tests/catch.hpp"

namespace carillon::persistence::test {

TEST_CASE("columns become array literals", "[postgres_array]") {
  CHECK(postgres_array{}.take() == "{}");

  postgres_array texts;
  for (std::string_view text : {"a", "", "NULL", "x,y", "{}", R"("q\)", "\n", "\xe2\x98\x8e"})
    texts.add(text);
  CHECK(texts.take()
        == "{\"a\",\"\",\"NULL\",\"x,y\",\"{}\",\"\\\"q\\\\\",\"\n\",\"\xe2\x98\x8e\"}");

  postgres_array others;
  others.add(std::int64_t{-5});
  others.add(true);
  others.add(false);
  others.add(from_epoch_ms(1234));
  others.add(std::optional<time_point>{});
  others.add(std::optional{from_epoch_ms(1)});
  CHECK(others.take() == "{-5,t,f,1234,NULL,1}");

  postgres_array figures;
  for (double figure : {0.1, -1.0 / 3, 1e300, -2.2250738585072014e-308, 0.0})
    figures.add(std::optional{figure});
  figures.add(std::optional<double>{});
  CHECK(figures.take() == "{0.1,-0.3333333333333333,1e+300,-2.2250738585072014e-308,0,NULL}");
}

} // namespace carillon::persistence::test
