//! Which addresses are of the public Internet. Everything else is somebody's inside.
//!
//! The tables are the IANA special-purpose registries (RFC 6890), read as "not globally reachable,
//! or not known to be". Of IPv6 only what is given out today (2000::/3) is public; that leaves out
//! mapped and compatible addresses, NAT64, link-local, unique-local and multicast ones at once.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// IPv4 networks that are not public: their first address and the bits they have in common.
const PRIVATE_V4: [([u8; 4], u32); 20] = [
    // This network, and a name for oneself.
    ([0, 0, 0, 0], 8),
    // Private.
    ([10, 0, 0, 0], 8),
    // Shared by carriers; one cloud has its metadata there (100.100.100.200).
    ([100, 64, 0, 0], 10),
    // Oneself.
    ([127, 0, 0, 0], 8),
    // A cloud's agent, reachable from its machines only.
    ([168, 63, 129, 16], 32),
    // Link-local; most clouds have their metadata there (169.254.169.254).
    ([169, 254, 0, 0], 16),
    // Private.
    ([172, 16, 0, 0], 12),
    // Protocol assignments; one cloud has its metadata there (192.0.0.192).
    ([192, 0, 0, 0], 24),
    // Documentation.
    ([192, 0, 2, 0], 24),
    // Sinks for stray questions about private addresses.
    ([192, 31, 196, 0], 24),
    ([192, 52, 193, 0], 24),
    ([192, 175, 48, 0], 24),
    // Relays from IPv6, no longer in use.
    ([192, 88, 99, 0], 24),
    // Private.
    ([192, 168, 0, 0], 16),
    // Benchmarks.
    ([198, 18, 0, 0], 15),
    // Documentation.
    ([198, 51, 100, 0], 24),
    ([203, 0, 113, 0], 24),
    // Multicast.
    ([224, 0, 0, 0], 4),
    // Reserved, and everybody on this network.
    ([240, 0, 0, 0], 4),
    ([255, 255, 255, 255], 32),
];

/// What is given out of IPv6 today.
const GIVEN_OUT_V6: (u128, u32) = (0x2000 << 112, 3);

/// IPv6 networks within it that are not public.
const PRIVATE_V6: [(u128, u32); 6] = [
    // Protocol assignments, with Teredo, ORCHID and benchmarks among them.
    (0x2001 << 112, 23),
    // Documentation.
    (0x2001_0db8 << 96, 32),
    (0x3fff << 112, 20),
    // 6to4: an IPv4 address inside.
    (0x2002 << 112, 16),
    // Sinks for stray questions about private addresses.
    (0x2620_004f_8000 << 80, 48),
    // The old test network.
    (0x3ffe << 112, 16),
];

/// The middle of an ISATAP address (RFC 5214): behind it stands an IPv4 address.
const ISATAP: u128 = 0x0000_5efe << 32;
/// The bits by which one is told, but that which says whether the IPv4 address is unique.
const ISATAP_MASK: u128 = 0xfdff_ffff << 32;

/// Tells whether an address is of the public Internet.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let bits = address.to_bits();
    let within = |(first, common): &([u8; 4], u32)| {
        let differ = bits ^ u32::from_be_bytes(*first);
        differ.leading_zeros() >= *common
    };
    !PRIVATE_V4.iter().any(within)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let bits = address.to_bits();
    let within = |(first, common): &(u128, u32)| (bits ^ first).leading_zeros() >= *common;
    let isatap = bits & ISATAP_MASK == ISATAP;
    within(&GIVEN_OUT_V6) && !PRIVATE_V6.iter().any(within) && !isatap
}

#[cfg(test)]
mod tests {
    use super::*;

    fn public(text: &str) -> bool {
        is_public(text.parse().unwrap())
    }

    #[test]
    fn the_edges_of_networks_are_where_they_should_be() {
        for (inside, outside) in [
            ("0.255.255.255", "1.0.0.0"),
            ("10.255.255.255", "11.0.0.0"),
            ("100.64.0.0", "100.63.255.255"),
            ("100.127.255.255", "100.128.0.0"),
            ("127.255.255.255", "128.0.0.0"),
            ("168.63.129.16", "168.63.129.17"),
            ("169.254.255.255", "169.255.0.0"),
            ("172.16.0.0", "172.15.255.255"),
            ("172.31.255.255", "172.32.0.0"),
            ("192.0.0.255", "192.0.1.0"),
            ("192.168.255.255", "192.169.0.0"),
            ("198.19.255.255", "198.20.0.0"),
            ("224.0.0.0", "223.255.255.255"),
            ("1fff:ffff::1", "2600::1"),
            ("4000::1", "3ffd::1"),
            ("2001:1ff:ffff::1", "2001:200::1"),
            ("2001:db8:ffff::1", "2001:db9::1"),
            ("2002:808:808::1", "2003::1"),
            ("3fff:fff::1", "3fff:1000::1"),
            ("2600::5efe:a00:1", "2600::5efd:a00:1"),
            ("2600::200:5efe:808:808", "2600::100:5efe:808:808"),
        ] {
            assert!(!public(inside), "{inside}");
            assert!(public(outside), "{outside}");
        }
        for inside in [
            "255.255.255.255",
            "::1",
            "::",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808",
        ] {
            assert!(!public(inside), "{inside}");
        }
    }
}
