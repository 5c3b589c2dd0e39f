using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Actors.Host.Machine;

/// <summary>Tells what is under a name without opening it: opening a pipe waits, and a link leads elsewhere.</summary>
internal static partial class Entry
{
    private const int WorkingDirectory = -100; // AT_FDCWD
    private const int NoFollow = 0x100; // AT_SYMLINK_NOFOLLOW
    private const uint WithType = 1; // STATX_TYPE
    private const uint WithInode = 0x100; // STATX_INO
    private const int WriteOnly = 0x80901; // O_WRONLY, O_NOCTTY, O_NONBLOCK, O_CLOEXEC
    private const int SetFlags = 4; // F_SETFL

    /// <summary>What is under a name.</summary>
    public static EntryKind KindOf(string path, bool followLinks = false)
    {
        if (!OperatingSystem.IsLinux())
        {
            return PortableKindOf(path);
        }

        if (statx(WorkingDirectory, path, followLinks ? 0 : NoFollow, WithType, out var facts) < 0)
        {
            return EntryKind.None;
        }

        return (facts.Mode & 0xF000) switch
        {
            0x8000 => EntryKind.File,
            0x4000 => EntryKind.Directory,
            0xA000 => EntryKind.Link,
            0x1000 => EntryKind.Pipe,
            0x2000 => EntryKind.Device,
            _ => EntryKind.Other,
        };
    }

    /// <summary>What is the same for all names of a file, those that are links too, and other for other files. A name that
    /// is free is told by its directory.</summary>
    public static string IdentityOf(string path)
    {
        var full = Path.GetFullPath(path);
        if (!OperatingSystem.IsLinux())
        {
            return full;
        }

        if (TryIdentify(full) is { } identity)
        {
            return identity;
        }

        var directory = Path.GetDirectoryName(full);
        return directory is null ? full : $"{TryIdentify(directory) ?? directory}/{Path.GetFileName(full)}";
    }

    private static string? TryIdentify(string path) =>
        statx(WorkingDirectory, path, 0, WithInode, out var facts) < 0
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"{facts.DeviceMajor}:{facts.DeviceMinor}:{facts.Inode}");

    /// <summary>Opens a pipe or device on Linux, without waiting for a reader; invalid when a pipe has none.</summary>
    public static SafeFileHandle OpenForWriting(string path)
    {
        var handle = open(path, WriteOnly, 0);
        if (!handle.IsInvalid)
        {
            // Writes may wait.
            _ = fcntl(handle, SetFlags, 0);
        }

        return handle;
    }

    /// <summary>The kind in words, with its article.</summary>
    public static string Describe(EntryKind kind) => kind switch
    {
        EntryKind.None => "nothing",
        EntryKind.File => "a file",
        EntryKind.Directory => "a directory",
        EntryKind.Link => "a symbolic link",
        EntryKind.Pipe => "a pipe",
        EntryKind.Device => "a device",
        _ => "a socket or a block device",
    };

    private static EntryKind PortableKindOf(string path) =>
        new FileInfo(path).LinkTarget is not null ? EntryKind.Link
        : File.Exists(path) ? EntryKind.File
        : Directory.Exists(path) ? EntryKind.Directory
        : EntryKind.None;

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int directory, string path, int flags, uint mask, out Facts facts);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle open(string path, int flags, int mode);

    [LibraryImport("libc")]
    private static partial int fcntl(SafeFileHandle file, int command, nint argument);

    /// <summary>struct statx (linux/stat.h), as far as it is read.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Facts
    {
        [FieldOffset(28)] public ushort Mode;
        [FieldOffset(32)] public ulong Inode;
        [FieldOffset(136)] public uint DeviceMajor;
        [FieldOffset(140)] public uint DeviceMinor;
    }
}
