using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Actors.Engine.Drivers.Blocking;
using Actors.Engine.Memory;

namespace Actors.Engine.Drivers.LinuxAio;

/// <summary>
/// Finds out whether Linux AIO works in a directory, by doing it: a context, a small file, a write, a sync and a read;
/// and whether the file system takes direct I/O, without which AIO is not asynchronous.
/// </summary>
internal static unsafe class LinuxAioProbe
{
    private const string Backend = "linux-aio";
    private const int BlockSize = SlabPool.Alignment;

    // asm-generic/fcntl.h; arm64 has an O_DIRECT of its own.
    private const int ReadWriteCreateNew = 0x2 | 0x40 | 0x80 | 0x80000;
    private const int ReadWrite = 0x2 | 0x80000;

    /// <summary>Longest wait for one completion: far above what a working disk needs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Never throws; leaves no file behind.</summary>
    /// <param name="directory">Existing and writable.</param>
    /// <param name="depth">Operations of one shard, as configured.</param>
    public static BackendStatus Check(string directory, int depth)
    {
        if (!OperatingSystem.IsLinux())
        {
            return new BackendStatus(Backend, false, "Linux AIO is an interface of Linux. Use thread-pool.", "");
        }

        // Freed after the driver is disposed of, which waits for whatever still holds it.
        var memory = (byte*)NativeMemory.AlignedAlloc(2 * BlockSize, SlabPool.Alignment);
        try
        {
            using var driver = new LinuxAioDriver(depth);
            var path = Path.Combine(directory, $".actors-probe-{Environment.ProcessId}-{Guid.NewGuid():n}");
            var fault = TryFile(driver, path, memory, out var direct);
            var details = $"{driver.Details}, {(direct ? "direct I/O works" : "no direct I/O, so it blocks")} there";
            return fault is null
                ? new BackendStatus(Backend, true, "", details)
                : new BackendStatus(Backend, false, $"{fault} in {directory}.", details);
        }
        catch (DriverUnavailableException e)
        {
            return new BackendStatus(Backend, false, e.Message, "");
        }
        finally
        {
            NativeMemory.AlignedFree(memory);
        }
    }

    [SupportedOSPlatform("linux")]
    private static string? TryFile(LinuxAioDriver driver, string path, byte* memory, out bool direct)
    {
        direct = false;
        var name = Marshal.StringToCoTaskMemUTF8(path);
        try
        {
            var opened = TryOpen((byte*)name, ReadWriteCreateNew, out var file);
            if (opened < 0)
            {
                return $"No file can be made ({Errno.Describe(-opened)})";
            }

            var fault = RoundTrip(driver, file, memory);
            Close(file);
            if (fault is null && TryOpen((byte*)name, ReadWrite | DirectFlag, out file) >= 0)
            {
                direct = RoundTrip(driver, file, memory) is null;
                Close(file);
            }

            File.Delete(path); // Made above, so it can be removed.
            return fault;
        }
        finally
        {
            Marshal.FreeCoTaskMem(name);
        }
    }

    private static int DirectFlag =>
        RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x10000 : 0x4000;

    [SupportedOSPlatform("linux")]
    private static string? RoundTrip(LinuxAioDriver driver, FileHandle file, byte* memory)
    {
        var written = new Span<byte>(memory, BlockSize);
        var read = new Span<byte>(memory + BlockSize, BlockSize);
        written.Fill((byte)'a');
        read.Clear();
        return Perform(driver, IoKind.Write, file, memory, BlockSize)
            ?? Perform(driver, IoKind.Sync, file, null, 0)
            ?? Perform(driver, IoKind.Read, file, memory + BlockSize, BlockSize)
            ?? (read.SequenceEqual(written) ? null : "What was read is not what was written");
    }

    [SupportedOSPlatform("linux")]
    private static string? Perform(LinuxAioDriver driver, IoKind kind, FileHandle file, byte* memory, int length)
    {
        var operation = new IoOperation { Kind = kind, File = file, Buffer = memory, Length = length };
        var sink = new Arrival();
        var deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        driver.TrySubmit(operation);
        while (driver.Reap(sink) == 0)
        {
            if (Environment.TickCount64 > deadline)
            {
                return $"A {kind} did not complete within {Patience.TotalSeconds:0} s";
            }

            driver.Wait(100);
        }

        return operation.Result == length
            ? null
            : $"A {kind} failed ({(operation.Result < 0 ? Errno.Describe((int)-operation.Result) : "short")})";
    }

    private static int TryOpen(byte* path, int flags, out FileHandle file)
    {
        // 0600: the owner's alone, for the moment that it exists.
        var operation = new IoOperation { Kind = IoKind.Open, Buffer = path, Flags = flags, Mode = 0x180 };
        BlockingCalls.Platform.Perform(operation);
        file = new FileHandle((int)operation.Result);
        return (int)operation.Result;
    }

    private static void Close(FileHandle file) =>
        BlockingCalls.Platform.Perform(new IoOperation { Kind = IoKind.Close, File = file });

    /// <summary>The probe has one operation at a time; its arrival is what <c>Reap</c> returns.</summary>
    private sealed class Arrival : ICompletionSink
    {
        public void Complete(IoOperation operation)
        {
        }
    }
}
