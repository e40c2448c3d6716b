# mmsa_stage(NAME SOURCES a.cc b.cc DEPENDS stages and libraries)
#
# One folder of src/ is one static library, mmsa_NAME. What it may include is what it DEPENDS on: a
# stage knows only the stages to its left.
function(mmsa_stage name)
  cmake_parse_arguments(STAGE "" "" "SOURCES;DEPENDS" ${ARGN})
  add_library(mmsa_${name} STATIC ${STAGE_SOURCES})
  target_link_libraries(mmsa_${name} PUBLIC mmsa_options ${STAGE_DEPENDS})
endfunction()

# Tests are run once for each build: optimizing them in release builds takes longer than it saves,
# and g++ 12 at -O3 sees faults in its own std::vector where there are none.
function(mmsa_test_options target)
  target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1>)
endfunction()

# mmsa_unit_test(NAME SOURCES a_test.cc DEPENDS libraries): one Catch2 program for each stage.
function(mmsa_unit_test name)
  cmake_parse_arguments(TEST "" "" "SOURCES;DEPENDS" ${ARGN})
  add_executable(unit_${name} ${TEST_SOURCES})
  target_link_libraries(unit_${name} PRIVATE mmsa_test_main ${TEST_DEPENDS})
  mmsa_test_options(unit_${name})
  catch_discover_tests(unit_${name} TEST_PREFIX "unit/${name}: " PROPERTIES LABELS unit)
endfunction()
