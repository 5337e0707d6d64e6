#!/bin/sh
# The work for one message: notes that it began and that it was done, in one file a queue whose order is that of the events.
read -r kind id
traces="$1/$SQS_QUEUE_NAME.traces"
echo "start $id $SQS_RECEIVE_COUNT" >> "$traces"
case $kind in
  slow) sleep 0.3 ;;
  poison) exit 1 ;;
  hang) sleep 1000 ;;
esac
echo "done $id" >> "$traces"
