#include "bench/load/driver.hpp"
#include "bench/load/options.hpp"
#include "bench/load/report.hpp"

#include <exception>
#include <fstream>
#include <iostream>

int main(int argc, char** argv) {
  using namespace carillon::load;
  auto line = parse_command_line(argc, argv);
  if (line.exit_code)
    return *line.exit_code;
  metrics figures;
  run_figures run;
  try {
    run = driver{line.what, figures}.run();
  } catch (const std::exception& error) {
    figures.error(error.what());
  }
  print_report(std::cout, line.what, figures, run);
  if (!line.what.json_file.empty()) {
    std::ofstream out{line.what.json_file};
    out << report_json(line.what, figures, run) << '\n';
    if (!out.flush()) {
      std::cerr << "cannot write " << line.what.json_file << '\n';
      return 1;
    }
  }
  return figures.error_count() == 0 ? 0 : 1;
}
