#include "iec61850/ln_classes.h"

#include <algorithm>
#include <iterator>

namespace mmsa::iec61850 {
namespace {

constexpr std::string_view kClasses[] = {
    "ANCR", "ARCO", "ARIS", "ATCC", "AVCO", "CALH", "CCGR", "CILO", "CPOW", "CSWI", "CSYN", "DBAT",
    "DCCT", "DCHB", "DCHC", "DCHI", "DCIP", "DCRP", "DCTS", "DECP", "DEEV", "DESE", "DEXC", "DFCL",
    "DFPM", "DFWP", "DGEN", "DINV", "DLOD", "DMDC", "DOPA", "DOPM", "DOPR", "DPCC", "DPFC", "DPMC",
    "DPST", "DPVA", "DPVC", "DPVM", "DRAT", "DRAZ", "DRCC", "DRCS", "DRCT", "DREX", "DSCC", "DSCH",
    "DSFC", "DSTK", "DSTO", "DTRC", "DVAR", "DVVR", "DVWC", "DWGC", "DWMX", "FCNT", "FCSD", "FFIL",
    "FHBT", "FLIM", "FPID", "FRMP", "FSCC", "FSCH", "FSPT", "FXOT", "FXPS", "FXUT", "GAPC", "GGIO",
    "GLOG", "GSAL", "HBRG", "HCOM", "HDAM", "HDFL", "HDLS", "HEBR", "HGOV", "HGPI", "HGTE", "HITG",
    "HJCL", "HLKG", "HLVL", "HMBR", "HNDL", "HNHD", "HOTP", "HRES", "HSEQ", "HSPD", "HSST", "HTGV",
    "HTRB", "HTRK", "HTUR", "HUNT", "HVLV", "HWCL", "IARC", "IHMI", "ISAF", "ITCI", "ITMI", "ITPC",
    "KFAN", "KFIL", "KPMP", "KTNK", "KVLV", "LCCH", "LGOS", "LLN0", "LPHD", "LSVS", "LTIM", "LTMS",
    "LTRK", "MDIF", "MENV", "MFLK", "MFLW", "MFUL", "MHAI", "MHAN", "MHET", "MHYD", "MMDC", "MMET",
    "MMPR", "MMTN", "MMTR", "MMXN", "MMXU", "MPRS", "MSQI", "MSTA", "MTHR", "MTMP", "PDIF", "PDIR",
    "PDIS", "PDOP", "PDUP", "PFRC", "PHAR", "PHIZ", "PIOC", "PMRI", "PMSS", "POPF", "PPAM", "PRTR",
    "PSCH", "PSDE", "PSOF", "PTDV", "PTEF", "PTHF", "PTOC", "PTOF", "PTOV", "PTRC", "PTTR", "PTUC",
    "PTUF", "PTUV", "PUPF", "PVOC", "PVPH", "PVTR", "PZSU", "QFVR", "QITR", "QIUB", "QVTR", "QVUB",
    "QVVR", "RADR", "RBDR", "RBRF", "RDIR", "RDRE", "RDRS", "RFBC", "RFLO", "RMXU", "RPSB", "RREC",
    "RSYN", "SARC", "SCBR", "SFLW", "SIMG", "SIML", "SLEV", "SLTC", "SOPM", "SPDC", "SPOS", "SPRS",
    "SPTR", "SSWI", "STMP", "SVBR", "TANG", "TAXD", "TCTR", "TDST", "TFLW", "TFRQ", "TGSN", "THUM",
    "TLEV", "TLVL", "TMGF", "TMVM", "TPOS", "TPRS", "TRTN", "TSND", "TTMP", "TTNS", "TVBR", "TVTR",
    "TWPH", "WALG", "WALM", "WAPC", "WCNV", "WGEN", "WMET", "WNAC", "WREP", "WROT", "WRPC", "WSLG",
    "WTOW", "WTRF", "WTRM", "WTUR", "WYAW", "XCBR", "XFFL", "XSWI", "YEFN", "YLTC", "YPSH", "YPTR",
    "ZAXN", "ZBAT", "ZBSH", "ZBTC", "ZCAB", "ZCAP", "ZCON", "ZGEN", "ZGIL", "ZINV", "ZLIN", "ZLLN",
    "ZMOT", "ZRCT", "ZREA", "ZRES", "ZRRC", "ZSAR", "ZSCR", "ZSMC", "ZTCF", "ZTCR",
};
static_assert(std::is_sorted(std::begin(kClasses), std::end(kClasses)));

}  // namespace

bool is_ln_class(std::string_view name) {
  return std::binary_search(std::begin(kClasses), std::end(kClasses), name);
}

}  // namespace mmsa::iec61850
