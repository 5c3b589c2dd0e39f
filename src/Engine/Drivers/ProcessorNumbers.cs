using System.Runtime.InteropServices;

namespace Actors.Engine.Drivers;

/// <summary>What of the Linux kernel's interface is not the same on every processor: a few flags of open(2), and the
/// numbers of system calls that libc may not wrap.</summary>
internal sealed record ProcessorNumbers
{
    /// <summary>arch/x86/entry/syscalls/syscall_64.tbl, asm-generic/fcntl.h.</summary>
    public static readonly ProcessorNumbers X64 = new()
    {
        IoSetup = 206, IoDestroy = 207, IoGetEvents = 208, IoSubmit = 209, IoCancel = 210,
        GetDents64 = 217, RenameAt2 = 316, PReadV2 = 327, PWriteV2 = 328,
        OpenDirect = 0x4000, OpenDirectory = 0x10000, OpenNoFollow = 0x20000,
    };

    /// <summary>asm-generic/unistd.h, arch/arm64/include/uapi/asm/fcntl.h.</summary>
    public static readonly ProcessorNumbers Arm64 = new()
    {
        IoSetup = 0, IoDestroy = 1, IoSubmit = 2, IoCancel = 3, IoGetEvents = 4,
        GetDents64 = 61, RenameAt2 = 276, PReadV2 = 286, PWriteV2 = 287,
        OpenDirectory = 0x4000, OpenNoFollow = 0x8000, OpenDirect = 0x10000,
    };

    /// <summary>Those of the processor that this runs on.</summary>
    public static readonly ProcessorNumbers Here =
        RuntimeInformation.ProcessArchitecture == Architecture.X64 ? X64 : Arm64;

    /// <summary>Whether <see cref="Here"/> is right.</summary>
    public static bool AreKnown => RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64;

    public required int IoSetup { get; init; }

    public required int IoDestroy { get; init; }

    public required int IoGetEvents { get; init; }

    public required int IoSubmit { get; init; }

    public required int IoCancel { get; init; }

    public required int GetDents64 { get; init; }

    public required int RenameAt2 { get; init; }

    public required int PReadV2 { get; init; }

    public required int PWriteV2 { get; init; }

    /// <summary>O_DIRECT.</summary>
    public required int OpenDirect { get; init; }

    /// <summary>O_DIRECTORY.</summary>
    public required int OpenDirectory { get; init; }

    /// <summary>O_NOFOLLOW.</summary>
    public required int OpenNoFollow { get; init; }
}
