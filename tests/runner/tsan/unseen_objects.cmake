# The report hook and the recorder of locks run where a call to an intercepted function could make a report inside a
# report, and the compiler makes calls to memcpy and memset of its own accord.
set(checked 0)
foreach(object IN LISTS OBJECTS)
  execute_process(COMMAND ${NM} -u ${object} OUTPUT_VARIABLE needed COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX MATCHALL "(memcpy|memmove|memset|memcmp|bcmp|strlen|strcpy|malloc|calloc|free|_Znwm|_ZdlPv[a-z]*|__tsan_(read|write|init|atomic)[0-9a-z_]*)\n"
    calls "${needed}")
  if(object MATCHES "tsan_(hooks|interpose|lock_recorder|watch)\\.cpp")
    math(EXPR checked "${checked} + 1")
    if(calls)
      message(SEND_ERROR "${object} calls ${calls}")
    endif()
  elseif(object MATCHES "tsan_reports\\.cpp" AND NOT calls)
    message(SEND_ERROR "${object} is instrumented and seems to call nothing: this check sees nothing")
  endif()
endforeach()
if(NOT checked EQUAL 4)
  message(SEND_ERROR "four objects were to be looked at, not ${checked}: ${OBJECTS}")
endif()
