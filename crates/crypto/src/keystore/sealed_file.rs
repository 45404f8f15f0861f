use std::{
    fs::{self, File, OpenOptions},
    io::{Read, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use zeroize::Zeroizing;

use super::{
    KdfCost, KeyError, SigningPurpose,
    file::{KeyFile, Lock, RootKey},
    kdf::KdfParameters,
    ring::{HoldsRing, KeyRing},
    signing::{self, SigningKeys},
};
use crate::{
    SignatureAlgorithm,
    random::{self, Random},
};

/// A key file is some 10 KiB; this is far above.
const MOST_FILE_BYTES: u64 = 1 << 20;

/// Keys in one file under a passphrase: what a service on one machine uses.
///
/// The file is only ever replaced whole (written beside itself, synced, renamed, directory synced), so a crash leaves
/// the old file or the new one. One process changes it at a time; that is the operator's duty.
pub struct SealedFile {
    path: PathBuf,
    ring: KeyRing,
    /// Held through every change of the file.
    lock: Mutex<(Lock, RootKey)>,
}

impl SealedFile {
    /// Makes new keys and the file, which must not exist. RSA keys come from the library's own generator.
    pub fn create(
        path: impl AsRef<Path>,
        passphrase: &[u8],
        random: &dyn Random,
    ) -> Result<Self, KeyError> {
        Self::create_with(path, passphrase, KdfCost::Interactive, random)
    }

    /// [`SealedFile::create`] with another cost of guessing.
    pub fn create_with(
        path: impl AsRef<Path>,
        passphrase: &[u8],
        cost: KdfCost,
        random: &dyn Random,
    ) -> Result<Self, KeyError> {
        let signing = SigningKeys::generate(&|algorithm, _| signing::fresh(algorithm, random))?;
        let lock = new_lock(passphrase, cost.into(), random)?;
        let store = Self {
            path: path.as_ref().to_owned(),
            ring: KeyRing::generate(random, signing),
            lock: Mutex::new((lock, new_root(random))),
        };
        {
            let held = store.held();
            let text = KeyFile::write(&held.0, &held.1, &store.ring, random)?.to_text()?;
            place_new(&store.path, &text)?;
        }
        Ok(store)
    }

    /// Opens the file. [`KeyError::WrongPassphrase`] says what it says; [`KeyError::Damaged`] names the entry.
    pub fn open(path: impl AsRef<Path>, passphrase: &[u8]) -> Result<Self, KeyError> {
        let mut text = Vec::new();
        File::open(path.as_ref())?
            .take(MOST_FILE_BYTES)
            .read_to_end(&mut text)?;
        let (lock, root, ring) = KeyFile::parse(&text)?.open(passphrase)?;
        Ok(Self {
            path: path.as_ref().to_owned(),
            ring,
            lock: Mutex::new((lock, root)),
        })
    }

    /// Rotates the signing key of a purpose and algorithm with overlap: next becomes current, current retires (its
    /// private part is destroyed, its public part stays published), a fresh key becomes next.
    pub fn rotate(
        &self,
        purpose: SigningPurpose,
        algorithm: SignatureAlgorithm,
        random: &dyn Random,
    ) -> Result<(), KeyError> {
        let fresh = signing::fresh(algorithm, random)?;
        let held = self.held();
        let rotated = self.ring.signing().rotated(purpose, algorithm, fresh)?;
        self.replace_signing(&held, rotated, random)
    }

    /// Publishes the retiring keys of a purpose and algorithm no more: nothing they signed verifies from now on.
    pub fn forget_retiring(
        &self,
        purpose: SigningPurpose,
        algorithm: SignatureAlgorithm,
        random: &dyn Random,
    ) -> Result<(), KeyError> {
        let held = self.held();
        let kept = self.ring.signing().without_retiring(purpose, algorithm);
        self.replace_signing(&held, kept, random)
    }

    /// Makes a new root key and wraps everything again under it. Changes no identifier and no signing key.
    pub fn rotate_root(&self, random: &dyn Random) -> Result<(), KeyError> {
        let mut held = self.held();
        let root = new_root(random);
        replace(
            &self.path,
            &KeyFile::write(&held.0, &root, &self.ring, random)?.to_text()?,
        )?;
        held.1 = root;
        Ok(())
    }

    /// Wraps the root key under a new passphrase, with a new salt and the given cost.
    pub fn change_passphrase(
        &self,
        passphrase: &[u8],
        cost: KdfCost,
        random: &dyn Random,
    ) -> Result<(), KeyError> {
        let lock = new_lock(passphrase, cost.into(), random)?;
        let mut held = self.held();
        replace(
            &self.path,
            &KeyFile::write(&lock, &held.1, &self.ring, random)?.to_text()?,
        )?;
        held.0 = lock;
        Ok(())
    }

    /// The file first, then memory: what signs is always on disk.
    fn replace_signing(
        &self,
        held: &MutexGuard<'_, (Lock, RootKey)>,
        signing: SigningKeys,
        random: &dyn Random,
    ) -> Result<(), KeyError> {
        let changed = KeyRing::new(self.ring.secrets.clone(), signing);
        replace(
            &self.path,
            &KeyFile::write(&held.0, &held.1, &changed, random)?.to_text()?,
        )?;
        self.ring.replace_signing((*changed.signing()).clone());
        Ok(())
    }

    fn held(&self) -> MutexGuard<'_, (Lock, RootKey)> {
        self.lock.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl HoldsRing for SealedFile {
    fn ring(&self) -> &KeyRing {
        &self.ring
    }
}

fn new_lock(passphrase: &[u8], kdf: KdfParameters, random: &dyn Random) -> Result<Lock, KeyError> {
    let salt = random::array::<16>(random);
    Ok(Lock {
        kdf,
        salt,
        key: kdf.key(passphrase, &salt)?,
    })
}

fn new_root(random: &dyn Random) -> RootKey {
    Zeroizing::new(random::array::<16>(random))
}

/// Writes a file that must not exist yet.
fn place_new(path: &Path, text: &[u8]) -> Result<(), KeyError> {
    let written = write_beside(path, text)?;
    // A hard link, unlike a rename, refuses to replace.
    let placed = fs::hard_link(&written, path);
    fs::remove_file(&written)?;
    placed?;
    Ok(sync_directory(path)?)
}

/// Replaces a file so that a crash at any moment leaves the old one or the new one whole.
fn replace(path: &Path, text: &[u8]) -> Result<(), KeyError> {
    let written = write_beside(path, text)?;
    fs::rename(&written, path)?;
    Ok(sync_directory(path)?)
}

/// A synced file of mode 0600 beside `path`. What a crash may have left there is overwritten.
fn write_beside(path: &Path, text: &[u8]) -> Result<PathBuf, KeyError> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let beside = path.with_file_name(name);
    match fs::remove_file(&beside) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&beside)?;
    file.write_all(text)?;
    file.sync_all()?;
    Ok(beside)
}

fn sync_directory(path: &Path) -> std::io::Result<()> {
    let directory = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    File::open(directory)?.sync_all()
}
