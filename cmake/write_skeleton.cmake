# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
# cmake -DOBJECT=… -DSKELETON=… -DNAME=… -DBPFTOOL=… -P write_skeleton.cmake
# A failure leaves neither a skeleton nor the object, so that the next build tries again.
execute_process(
    COMMAND "${BPFTOOL}" gen skeleton "${OBJECT}" name "${NAME}"
    OUTPUT_FILE "${SKELETON}" ERROR_VARIABLE complaint RESULT_VARIABLE status)
if(NOT status EQUAL 0)
    file(REMOVE "${SKELETON}" "${OBJECT}")
    message(FATAL_ERROR "bpftool could not write the skeleton of ${OBJECT}:\n${complaint}")
endif()
if(complaint)
    message("${OBJECT}: ${complaint}")
endif()
