# Writes one C++ source that holds all files below SOURCE_DIR, and CLIENT as vendor/socket.io.js. Assets
# are served below a path that names the version of all of them, which stands for @assets@ in HTML.
file(GLOB_RECURSE names RELATIVE "${SOURCE_DIR}" "${SOURCE_DIR}/*")
list(SORT names)
file(REMOVE_RECURSE "${WORK_DIR}")
file(MAKE_DIRECTORY "${WORK_DIR}")
set(all "")
foreach(name IN LISTS names)
  file(SHA256 "${SOURCE_DIR}/${name}" sum)
  string(APPEND all "${name} ${sum}\n")
endforeach()
file(SHA256 "${CLIENT}" sum)
string(SHA256 version "${all}${sum}")
string(SUBSTRING "${version}" 0 12 version)

set(type_js "text/javascript; charset=utf-8")
set(type_css "text/css; charset=utf-8")
set(type_html "text/html; charset=utf-8")
set(type_svg "image/svg+xml")
set(count 0)
set(paths "")

# Puts the file at `from` into the table as `path`.
function(embed from path immutable)
  get_filename_component(end "${from}" LAST_EXT)
  string(SUBSTRING "${end}" 1 -1 end)
  if(NOT DEFINED type_${end})
    message(FATAL_ERROR "${from}: pages have no files of this type")
  endif()
  file(SHA256 "${from}" tag)
  string(SUBSTRING "${tag}" 0 16 tag)
  set(packed "${WORK_DIR}/${count}.gz")
  execute_process(COMMAND gzip -9nc "${from}" OUTPUT_FILE "${packed}" COMMAND_ERROR_IS_FATAL ANY)
  file(SIZE "${from}" plain_size)
  file(SIZE "${packed}" packed_size)
  set(text "")
  foreach(part page gzip)
    set(file "${from}")
    set(view_${part} "view(carillon_${part}_${count}, carillon_${part}_${count}_end)")
    if(part STREQUAL "gzip")
      set(file "${packed}")
      if(NOT packed_size LESS plain_size)
        set(view_${part} "{}")
        continue()
      endif()
    endif()
    string(APPEND text ".hidden carillon_${part}_${count}\\n.global carillon_${part}_${count}\\n"
           "carillon_${part}_${count}: .incbin \\\"${file}\\\"\\n"
           ".hidden carillon_${part}_${count}_end\\n.global carillon_${part}_${count}_end\\n"
           "carillon_${part}_${count}_end: .byte 0\\n")
    string(APPEND symbols "extern const char carillon_${part}_${count}[], carillon_${part}_${count}_end[];\n")
  endforeach()
  string(APPEND code "asm(\".pushsection .rodata\\n${text}.popsection\\n\"); // ${tag}\n")
  string(APPEND rows "  {\"${path}\", \"${type_${end}}\", \"\\\"${tag}\\\"\", ${view_page}, ${view_gzip}, "
         "${immutable}},\n")
  math(EXPR count "${count} + 1")
  foreach(name symbols code rows count)
    set(${name} "${${name}}" PARENT_SCOPE)
  endforeach()
endfunction()

set(symbols "")
set(code "")
set(rows "")
foreach(name IN LISTS names)
  if(name MATCHES "\\.html$")
    file(READ "${SOURCE_DIR}/${name}" html)
    string(REPLACE "@assets@" "/assets/${version}" html "${html}")
    file(WRITE "${WORK_DIR}/${name}" "${html}")
    string(REGEX REPLACE "\\.html$" "" path "/${name}")
    string(REGEX REPLACE "^/index$" "/" path "${path}")
    embed("${WORK_DIR}/${name}" "${path}" false)
  else()
    embed("${SOURCE_DIR}/${name}" "/assets/${version}/${name}" true)
  endif()
endforeach()
embed("${CLIENT}" "/assets/${version}/vendor/socket.io.js" true)

file(WRITE "${OUTPUT}" "// Made from web/pages by embed_pages.cmake.
#include \"net/page_file.hpp\"
#include <algorithm>
#include <array>
extern \"C\" {
${symbols}}
${code}
namespace carillon::net {
namespace {
std::string_view view(const char* from, const char* to) { return {from, static_cast<std::size_t>(to - from)}; }
}
std::span<const page_file> embedded_pages() noexcept {
  static const auto table = [] {
    std::array<page_file, ${count}> files{{
${rows}    }};
    std::sort(files.begin(), files.end(), [](auto& a, auto& b) { return a.path < b.path; });
    return files;
  }();
  return table;
}
} // namespace carillon::net
")
