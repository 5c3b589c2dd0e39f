namespace Actors.Engine.Drivers.Blocking;

/// <summary>The questions about open descriptors of this system.</summary>
internal static class FileCalls
{
    /// <summary>Those of Linux; elsewhere files are not bare descriptors, and nobody asks.</summary>
    public static IFileCalls Platform { get; } =
        OperatingSystem.IsLinux() ? new LinuxFileCalls() : new NoFileCalls();

    private sealed class NoFileCalls : IFileCalls
    {
        public int TryGetFacts(int file, out FileFacts facts) => throw Unsupported();

        public int TryStat(int file, out FileStatus? status) => throw Unsupported();

        public int TryGetLength(int file, out long length) => throw Unsupported();

        public bool CanTryBufferedWrites(int file) => throw Unsupported();

        public int MakeBlocking(int file, bool direct, ref bool appends) => throw Unsupported();

        public int TryLock(int file) => throw Unsupported();

        private static PlatformNotSupportedException Unsupported() =>
            new("Only on Linux are files bare descriptors.");
    }
}
