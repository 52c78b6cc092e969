# cmake -DSOURCE=… -DOUTPUT=… -P revision.cmake: writes the source's revision as a function.
execute_process(COMMAND git -C ${SOURCE} describe --always --dirty --abbrev=12
  OUTPUT_VARIABLE revision OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
file(WRITE ${OUTPUT} "#include \"harness/cli/revision.h\"

namespace chicane {
const char* revision() { return \"${revision}\"; }
}  // namespace chicane
")
