#!/usr/bin/env bash
# Ends what the program that started this script has left running, once that program is gone, however it went. Each line of the standard
# input is "+ID" for a process that was started, or "-ID" for one that has ended.
trap '' INT TERM HUP
declare -A running
while read -r line; do
  case $line in
    +*) running[${line#+}]=yes ;;
    -*) unset "running[${line#-}]" ;;
  esac
done
for id in "${!running[@]}"; do
  kill -KILL "$id" 2>/dev/null
done
exit 0
