// IEC 61850-7-2 clause 20.5.2.9. Servers of edition 1 end at 18 and use older codes for the newer
// causes: 1 for 15, 3 for 19 and 20, 6 for 26, 12 for 27; the texts of those name both.
#include "analysis/control/control_causes.h"

#include <algorithm>
#include <iterator>

namespace mmsa::analysis {
namespace {

constexpr ControlAdvice kAddCauses[] = {
    {0, "The IED gives no reason.",
     "Look into the IED's own event list at this time; check the control model and the access "
     "rights of the client."},
    {1, "The IED does not support this kind of command on this object.",
     "Compare ctlModel and the services of the object with what the client is configured for."},
    {2,
     "The bay or the station is switched to local, or the originator category has no right at the "
     "present place of control.",
     "Set the local/remote key (Loc, LocKey, LocSta) to remote, and check orCat of the client."},
    {3,
     "The object can not be selected: another client holds it, a select is not possible now, or "
     "the client has no right (edition 1).",
     "Find out who has selected the object; wait for sboTimeout or let that client cancel."},
    {4, "The switch is in an intermediate or bad position, or did not reach the one asked for.",
     "Check the position contacts and the switch on site."},
    {5, "The object is already in the position that the command asks for.",
     "Nothing, if the position is right. Otherwise compare the position shown in the client with "
     "stVal of the IED."},
    {6, "Settings of the object are being changed, or (edition 1) Operate differs from its select.",
     "Wait for the end of the setting change; compare Operate with its select."},
    {7, "The tap changer is at the end of its range.",
     "Check the tap position and its limits; a command in the other direction is possible."},
    {8, "The logical node or device is not in the mode on: Mod/Beh is blocked, test or off.",
     "Read Mod and Beh of the logical node, of LLN0 and of the logical device; set Mod to on, or "
     "send the command with the Test flag if a test is meant."},
    {9, "The process does not allow it: spring, gas pressure, motor supply or an external block.",
     "Check the alarms of the primary equipment (for example EEHealth, BlkOpn and BlkCls of "
     "XCBR)."},
    {10, "The interlocking forbids the switching: another switch has the wrong position.",
     "Compare the switch positions in the bay with the interlocking conditions (CILO EnaOpn, "
     "EnaCls). It usually works as intended."},
    {11, "The synchrocheck does not release: voltage, frequency or phase angle differ too much.",
     "Read the synchrocheck node RSYN (Rel, VInd, AngInd, HzInd) and its voltage inputs."},
    {12,
     "A command on this object is still being carried out, or (edition 1) another client has it.",
     "Wait for the CommandTermination of the first command. If it never comes, the IED's command "
     "hangs until its time limit."},
    {13, "The health of the logical node forbids it.",
     "Read Health of the logical node and of LPHD, and the alarms of the IED."},
    {14, "Only one command at a time is allowed in this group (1-of-n), and another one is active.",
     "Wait for the other command to end, or find the selection that was left behind."},
    {15, "The command was cancelled while it was carried out.",
     "Find the Cancel in this or another association, or at the IED's panel."},
    {16, "The new position was not reported in time.",
     "Check drive, supply and position contacts; compare the time limit in the IED with the "
     "running time of the switch."},
    {17, "A protection trip stopped the command.", "Look at the protection events of the bay."},
    {18, "The object was not selected by this client when the command came.",
     "Compare ctlModel in IED and client, and the time since the select with sboTimeout."},
    {19, "The object is already selected, by this or another client.",
     "Wait for sboTimeout or send Cancel; look for another client that commands this object."},
    {20, "The client has no right to control this object.",
     "Check the access rights (roles, authentication) of this client in the IED."},
    {21, "The value ran beyond the end point.", "Check the step width and the drive."},
    {22, "The value departed too far from the one commanded.",
     "Check set point, feedback and dead band in the IED."},
    {23, "The IED lost the communication that the command needs.",
     "Check the connection to the client and between the IEDs (GOOSE, process bus)."},
    {24, "The object is blocked by a command: CmdBlk is set.",
     "Read CmdBlk of the logical node and reset it if the block is no longer needed."},
    {25, "The IED names no cause.", "Look into the IED's own event list at this time."},
    {26, "Operate does not say the same as its select.",
     "The client must send ctlVal, origin, ctlNum, Test and Check of the select again in Operate."},
    {27, "Another client has the object selected or in operation.",
     "Find the other client (other associations, the panel) and wait for it, or let it cancel."},
};
constexpr ControlAdvice kTestBlocked{
    8, "The command has the Test flag, and the logical node is not in test mode.",
    "Set Mod of the logical node or device to test first, or clear Test in the client if the "
    "command is meant in earnest."};
constexpr ControlAdvice kVendorCause{
    -1, "A cause of the IED's vendor, outside the standard.",
    "Look the number up in the vendor's documentation (PIXIT), and the IED's own event list."};

constexpr ControlAdvice kAccessErrors[] = {
    {1, "A hardware fault in the server.", "Check the IED's self-supervision."},
    {2, "The object is in use or selected by another client, or the IED is not ready.",
     "Look for another client that commands this object, and try again."},
    {3,
     "The IED does not allow it and gives no AddCause: missing right, wrong control model, local "
     "mode or interlocking.",
     "Check access rights, ctlModel and the local/remote key; IEDs with normal security often give "
     "no reason."},
    {5, "The name or the structure of the command is not what the IED expects.",
     "Compare the control model of the client with the IED's."},
    {7, "A member of the command has a type the IED does not have there, mostly ctlVal.",
     "Read the type of Oper (GetVariableAccessAttributes) and set the client's point type "
     "accordingly: boolean for SPC and DPC, integer for INC and ENC, structure for APC."},
    {8, "Members of the command contradict each other.",
     "Compare the structure with the type of Oper in the IED."},
    {9, "The IED does not support this access to the object.",
     "Compare the control model of the client with ctlModel in the IED."},
    {10,
     "The IED has no such object. SBOw exists with ctlModel 4 only, SBO with 2, and Oper not with "
     "status-only.",
     "Compare the name and the control model of the client with the IED's model (SCL)."},
    {11, "The IED does not accept the value.",
     "Compare the value with the range of the object (minVal, maxVal, stepSize)."},
};

const ControlAdvice* find(const ControlAdvice* begin, const ControlAdvice* end, std::int64_t code) {
  const ControlAdvice* row =
      std::find_if(begin, end, [code](const ControlAdvice& a) { return a.code == code; });
  return row == end ? nullptr : row;
}

}  // namespace

const ControlAdvice* add_cause_advice(std::int64_t add_cause, bool test) {
  if (add_cause < 0) return &kVendorCause;
  if (add_cause == kTestBlocked.code && test) return &kTestBlocked;
  return find(std::begin(kAddCauses), std::end(kAddCauses), add_cause);
}

const ControlAdvice* access_error_advice(std::int64_t error) {
  return find(std::begin(kAccessErrors), std::end(kAccessErrors), error);
}

}  // namespace mmsa::analysis
