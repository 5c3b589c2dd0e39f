using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Actors.Engine.Configuration;
using Actors.Engine.Drivers;
using Actors.Engine.Drivers.Blocking;
using Actors.Engine.Memory;

namespace Actors.Engine;

/// <summary>Finds out what this machine, and a directory on it, can do.</summary>
public static class BackendProbe
{
    private const int BlockSize = 4096;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The names of the backends, in the order in which people list them.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        BackendNames.IoUring,
        BackendNames.LinuxAio,
        BackendNames.ThreadPool,
        BackendNames.Sync,
        BackendNames.SyncThread,
    ];

    /// <summary>
    /// Tries every backend for real: a write, a sync and a read of a small file in <paramref name="directory"/> that is
    /// removed again.
    /// </summary>
    /// <param name="settings">Where depths and permissions come from.</param>
    /// <param name="directory">An existing, writable directory.</param>
    public static IReadOnlyList<BackendStatus> Probe(EngineSettings settings, string directory) =>
        [.. Names.Select(name => ProbeOne(name, settings, directory))];

    /// <summary>The backend that <c>auto</c> takes, and why.</summary>
    /// <param name="statuses">What <see cref="Probe"/> found.</param>
    public static (string Name, string Reason) Choose(IReadOnlyList<BackendStatus> statuses) =>
        BackendSelection.Choose(statuses);

    /// <summary>What direct I/O on files in <paramref name="directory"/> asks for; null where there is none.</summary>
    /// <param name="directory">An existing, writable directory.</param>
    public static IoAlignment? ProbeDirect(string directory)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        var path = TrialPath(directory);
        try
        {
            MakeFile(path);
            var problem = Open(path, direct: true, out var file);
            if (file is null)
            {
                return null;
            }

            LinuxFiles.TryGetFacts(file.Descriptor, out var facts);
            BlockingCalls.Platform.Perform(new IoOperation { Kind = IoKind.Close, File = file });
            return problem is null ? facts.Direct : null;
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string TrialPath(string directory) =>
        Path.Combine(directory, $".actors-probe-{Environment.ProcessId}-{Guid.NewGuid():n}");

    // Only makes it; then it is opened as the engine opens files.
    private static void MakeFile(string path) =>
        File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite).Dispose();

    private static BackendStatus ProbeOne(string name, EngineSettings settings, string directory)
    {
        var path = TrialPath(directory);
        try
        {
            using var driver = DriverFactory.Create(name, settings);
            var fault = RoundTrip(driver, path, direct: false);
            if (fault is not null)
            {
                return new BackendStatus(name, false, $"{fault} in {directory}.", driver.Details);
            }

            var direct = RoundTrip(driver, path, direct: true) is null ? "direct I/O works" : "no direct I/O";
            return new BackendStatus(name, true, "", $"{driver.Details}; {direct} in {directory}");
        }
        catch (Exception e) when (e is DriverUnavailableException or IOException or UnauthorizedAccessException)
        {
            return new BackendStatus(name, false, e.Message, "");
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static unsafe string? RoundTrip(IDriver driver, string path, bool direct)
    {
        MakeFile(path);
        var memory = (byte*)NativeMemory.AlignedAlloc(2 * BlockSize, SlabPool.Alignment);
        FileHandle? file = null;
        try
        {
            new Span<byte>(memory, BlockSize).Fill((byte)'a');
            new Span<byte>(memory + BlockSize, BlockSize).Clear();
            return Open(path, direct, out file)
                ?? Perform(driver, file!, IoKind.Write, memory)
                ?? Perform(driver, file!, IoKind.DataSync, null)
                ?? Perform(driver, file!, IoKind.Read, memory + BlockSize)
                ?? (new Span<byte>(memory, BlockSize).SequenceEqual(new Span<byte>(memory + BlockSize, BlockSize))
                    ? null
                    : "What was read is not what was written");
        }
        finally
        {
            if (file is not null)
            {
                BlockingCalls.Platform.Perform(new IoOperation { Kind = IoKind.Close, File = file });
            }

            NativeMemory.AlignedFree(memory);
        }
    }

    private static unsafe string? Open(string path, bool direct, out FileHandle? file)
    {
        file = null;
        if (!OperatingSystem.IsLinux())
        {
            file = direct ? null : PortableCalls.Open(path, OpenMode.ReadWrite, default);
            return direct ? "Direct I/O is for Linux only" : null;
        }

        var name = Marshal.StringToCoTaskMemUTF8(path);
        var open = new IoOperation { Kind = IoKind.Open, Buffer = (byte*)name };
        open.Flags = LinuxFiles.OpenFlags(OpenMode.ReadWrite, direct) & ~LinuxFiles.NonBlocking;
        BlockingCalls.Platform.Perform(open);
        Marshal.FreeCoTaskMem(name);
        file = open.Result < 0 ? null : new FileHandle((int)open.Result);
        return file is null ? $"Opening a file failed: {Errno.Describe((int)-open.Result)}"
            : direct && !SaysDirect(file) ? "The kernel says that the file has no direct I/O"
            : null;
    }

    /// <summary>As the engine asks when it opens a file: emulators perform direct I/O that they say there is not.</summary>
    [SupportedOSPlatform("linux")]
    private static bool SaysDirect(FileHandle file) =>
        LinuxFiles.TryGetFacts(file.Descriptor, out var facts) >= 0 && facts.Direct is not null;

    private static unsafe string? Perform(IDriver driver, FileHandle file, IoKind kind, byte* memory)
    {
        var operation = new IoOperation { Kind = kind, File = file, Buffer = memory };
        operation.Length = memory == null ? 0 : BlockSize;
        var sink = new LastCompletion();
        var inline = driver.TrySubmit(operation) == SubmitResult.Completed;
        var deadline = DateTime.UtcNow + Patience;
        while (!inline && sink.Operation is null && DateTime.UtcNow < deadline)
        {
            driver.Flush();
            driver.Wait(100);
            driver.Reap(sink);
        }

        if (!inline && sink.Operation is null)
        {
            return $"A {kind} did not complete within {Patience.TotalSeconds:0} s";
        }

        return CompletionDecision.Weigh(operation) == CompletionAction.Done
            ? null
            : $"A {kind} failed: {Errno.Describe((int)-operation.Result)}";
    }

    private sealed class LastCompletion : ICompletionSink
    {
        public IoOperation? Operation { get; private set; }

        public void Complete(IoOperation operation) => Operation = operation;
    }
}
