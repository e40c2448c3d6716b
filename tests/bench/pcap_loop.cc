// The least that any reader of captures does: libpcap hands on every packet. tests/bench/run
// compares with it.
#include <pcap/pcap.h>

#include <cstdint>
#include <cstdio>

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: pcap_loop FILE\n", stderr);
    return 2;
  }
  char error[PCAP_ERRBUF_SIZE] = "";
  pcap_t* capture = pcap_open_offline(argv[1], error);
  if (capture == nullptr) {
    std::fprintf(stderr, "pcap_loop: %s\n", error);
    return 2;
  }
  pcap_pkthdr* header = nullptr;
  const std::uint8_t* data = nullptr;
  std::uint64_t packets = 0;
  std::uint64_t octets = 0;
  while (pcap_next_ex(capture, &header, &data) == 1) {
    ++packets;
    octets += header->caplen;
  }
  pcap_close(capture);
  std::printf("%ju packets, %ju octets\n", static_cast<std::uintmax_t>(packets),
              static_cast<std::uintmax_t>(octets));
  return 0;
}
