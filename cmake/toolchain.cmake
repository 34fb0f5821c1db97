# Compiler-wide settings: everything here holds for every target.

find_program(CCACHE ccache)
if(CCACHE)
  # The sloppiness is what ccache needs to cache compilations that use a precompiled header; with the base
  # directory, another checkout (continuous integration's) finds what this one compiled.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      "${CMAKE_COMMAND}" -E env CCACHE_NOHASHDIR=1 "CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}"
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime "${CCACHE}")
endif()

find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1 -DNDEBUG")

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual)
if(NOT CARILLON_FUZZ)
  # Each release's Clang has warnings of its own; they are not what the fuzz targets are for.
  add_compile_options(-Werror)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options(-fpch-preprocess)
  # GCC 12 and 13 report these inside std::string and std::variant where nothing is wrong.
  add_compile_options(-Wno-maybe-uninitialized -Wno-restrict -Wno-stringop-overflow -Wno-array-bounds)
endif()

if(CARILLON_SANITIZE)
  add_compile_options(-fsanitize=${CARILLON_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${CARILLON_SANITIZE})
  if(CARILLON_SANITIZE MATCHES undefined AND NOT CARILLON_FUZZ)
    # What is suppressed has to be able to go on; whatever else is found ends the program all the same.
    add_compile_options(-fsanitize-recover=null)
    link_libraries($<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:carillon_sanitizer_options>)
    add_library(carillon_sanitizer_options OBJECT "${CMAKE_CURRENT_LIST_DIR}/sanitizer_options.cpp")
    target_compile_definitions(carillon_sanitizer_options
      PRIVATE "CARILLON_SUPPRESSIONS=\"${CMAKE_CURRENT_LIST_DIR}/undefined.supp\"")
  endif()
endif()

if(CARILLON_FUZZ)
  # A view or a vector that is read past its end is a finding too.
  add_compile_definitions(_GLIBCXX_ASSERTIONS)
endif()

find_package(Threads REQUIRED)

# carillon_library(NAME): the library of the current folder from all of its sources.
function(carillon_library name)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
  add_library(${name} STATIC ${sources})
  target_include_directories(${name} PUBLIC "${CMAKE_SOURCE_DIR}")
  target_link_libraries(${name} PUBLIC Threads::Threads)
endfunction()
