# Compiler options of every target of this project, as an interface target.
add_library(mmsa_options INTERFACE)

target_include_directories(mmsa_options INTERFACE ${PROJECT_SOURCE_DIR}/include
                                                  ${PROJECT_SOURCE_DIR}/src)

target_compile_options(
  mmsa_options INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor
                         -Woverloaded-virtual -Wold-style-cast -Werror)

# g++ 12 sees overlapping copies inside its own std::string at -O3 (GCC bug 105651).
target_compile_options(mmsa_options INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)

# An analyzer that is run on other people's captures is an attack surface: bounds-checked standard
# containers stay on in release builds too.
target_compile_definitions(mmsa_options INTERFACE _GLIBCXX_ASSERTIONS)
# -fPIE, not the -fPIC of libraries: what may be replaced at run time is not inlined.
target_compile_options(mmsa_options INTERFACE -fstack-protector-strong -fPIE)
target_link_options(mmsa_options INTERFACE -pie -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)

if(MMSA_SANITIZE)
  target_compile_options(mmsa_options INTERFACE -fsanitize=${MMSA_SANITIZE}
                                                -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(mmsa_options INTERFACE -fsanitize=${MMSA_SANITIZE})
elseif(CMAKE_BUILD_TYPE STREQUAL "Release")
  # glibc's fortification needs optimization and does not go with the sanitizers.
  target_compile_options(mmsa_options INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3)
endif()

if(MMSA_FUZZ)
  target_compile_options(mmsa_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

if(MMSA_TIDY)
  set(CMAKE_CXX_CLANG_TIDY clang-tidy)
endif()
