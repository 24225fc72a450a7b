//! Power cuts: what was written and not synced is gone, whole, torn or not at all, as the disk
//! likes. Each protection is also left out, to show that these tests would notice.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use souk_store::embedded::{Embedded, Options, Protections};
use souk_store::{Disk, Durable};
use tokio::task::JoinSet;

use crate::common::{Dice, files, options, options_on};
use crate::shop::{Shop, crash, shop_with, sold};

/// The least that a disk writes whole.
const SECTOR_BYTES: usize = 512;

/// Where something was written, and what was there before.
type Under = (u64, Vec<u8>);

/// A disk that remembers what lay under every write that is not synced yet.
#[derive(Default)]
struct Volatile {
    /// By the file's inode, newer ones last.
    unsynced: Mutex<BTreeMap<u64, Vec<Under>>>,
    /// Leave the syncs out.
    lying: bool,
}

impl Disk for Volatile {
    fn write(&self, file: &File, bytes: &[u8], at: u64) -> io::Result<()> {
        let mut unsynced = self.unsynced.lock().unwrap();
        let mut before = vec![0; bytes.len()];
        let readable = File::open(format!("/proc/self/fd/{}", raw(file)))?;
        let count = readable.read_at(&mut before, at)?;
        before.truncate(count);
        unsynced
            .entry(file.metadata()?.ino())
            .or_default()
            .push((at, before));
        Durable.write(file, bytes, at)
    }

    fn sync(&self, file: &File) -> io::Result<()> {
        // Commits gather meanwhile, as they do while a real disk works.
        std::thread::sleep(Duration::from_micros(300));
        if !self.lying {
            self.unsynced
                .lock()
                .unwrap()
                .remove(&file.metadata()?.ino());
        }
        Ok(())
    }
}

fn raw(file: &File) -> i32 {
    use std::os::fd::AsRawFd;
    file.as_raw_fd()
}

impl Volatile {
    /// Copies a store as a power cut at this moment would leave it.
    fn cut(&self, options: &Options, folder: &Path, dice: &mut Dice) -> Options {
        let unsynced = self.unsynced.lock().unwrap();
        let image = crash(options, folder);
        let mut originals = files(&options.journal());
        originals.push(options.anchor.clone());
        for original in originals {
            let inode = fs::metadata(&original).unwrap().ino();
            let copy = match original.strip_prefix(&options.data) {
                Ok(inside) => image.data.join(inside),
                Err(_) => image.anchor.clone(),
            };
            let writes = unsynced.get(&inode).map_or(&[][..], Vec::as_slice);
            undo(&copy, writes, dice);
        }
        image
    }
}

/// Undoes writes, newest first, each sector as the dice fall.
fn undo(path: &Path, writes: &[Under], dice: &mut Dice) {
    if !path.exists() {
        return;
    }
    let file = OpenOptions::new().write(true).open(path).unwrap();
    let all = dice.below(3) == 0;
    for (at, before) in writes.iter().rev() {
        let mut place = *at;
        for sector in before.chunks(SECTOR_BYTES) {
            if all || dice.below(2) == 0 {
                file.write_all_at(sector, place).unwrap();
            }
            place += u64::try_from(sector.len()).unwrap();
        }
    }
}

/// Cuts the power of a busy shop at many moments. Returns how many sales were lost that had been
/// acknowledged, and how often the store would not open.
async fn cut_often(disk: Arc<Volatile>, cuts: u64) -> (u64, u64) {
    let folder = tempfile::tempdir().unwrap();
    let options = options_on(folder.path(), Arc::clone(&disk) as _);
    let (shop, told) = (Arc::new(Shop::open(&options)), Arc::new(AtomicU64::new(0)));
    let (mut seller, mut dice) = (JoinSet::new(), Dice::new(cuts));
    let (stall, counter) = (Arc::clone(&shop), Arc::clone(&told));
    seller.spawn(async move {
        for number in 0.. {
            stall.sell(number).await.unwrap();
            counter.store(number + 1, Ordering::SeqCst);
        }
    });
    let (mut lost, mut shut) = (0, 0);
    for _ in 0..cuts {
        tokio::time::sleep(Duration::from_millis(3 + dice.below(12))).await;
        let (folder, told) = (tempfile::tempdir().unwrap(), told.load(Ordering::SeqCst));
        let image = disk.cut(&options, folder.path(), &mut dice);
        let image = Options {
            protections: Protections::default(),
            ..image
        };
        if Embedded::open(&image).is_err() {
            shut += 1;
            continue;
        }
        lost += told.saturating_sub(sold(&image).await.0);
    }
    seller.shutdown().await;
    (lost, shut)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_power_cut_loses_nothing_acknowledged() {
    assert_eq!(cut_often(Arc::default(), 40).await, (0, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_syncs_a_power_cut_would_lose_something() {
    let lying = Volatile {
        lying: true,
        ..Volatile::default()
    };
    let (lost, shut) = cut_often(Arc::new(lying), 10).await;
    assert!(lost + shut > 0);
}

#[tokio::test]
async fn without_the_anchor_a_cut_tail_would_go_unnoticed() {
    let folder = tempfile::tempdir().unwrap();
    let mut options = options(folder.path());
    options.protections.anchor = false;
    shop_with(&options, 8).await;
    let segment = files(&options.journal()).remove(0);
    let bytes = fs::read(&segment).unwrap();
    fs::write(&segment, &bytes[..bytes.len() - 1]).unwrap();
    assert_eq!(sold(&options).await.0, 7);
}
