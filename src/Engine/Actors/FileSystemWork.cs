using Actors.Engine.Drivers;
using Actors.Engine.Drivers.Blocking;
using Akka.Actor;

namespace Actors.Engine.Actors;

/// <summary>
/// The commands on paths rather than open files, on the thread pool. The answer goes straight to the client, so it is
/// given even when the coordinator has stopped meanwhile.
/// </summary>
internal static class FileSystemWork
{
    public static void Start(EngineCommand command, IActorRef client, IActorRef coordinator) =>
        ThreadPool.UnsafeQueueUserWorkItem(_ => client.Tell(Perform(command), coordinator), null);

    private static EngineEvent Perform(EngineCommand command)
    {
        try
        {
            return command switch
            {
                Stat stat => PerformStat(stat),
                Rename rename => PerformRename(rename),
                Delete delete => PerformDelete(delete),
                Replace replace => PerformReplace(replace),
                _ => throw new InvalidOperationException($"{command.GetType().Name} is not a file-system command."),
            };
        }
        catch (SystemCallException e)
        {
            return new CommandFailed(command, CompletionDecision.ReasonOf(e.Errno), e.Message, e.Errno);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            var errno = PortableCalls.ErrnoOf(e);
            return new CommandFailed(command, CompletionDecision.ReasonOf(errno), e.Message, errno);
        }
        catch (Exception e)
        {
            return new CommandFailed(command, FailureReason.Unexpected, e.Message, Exception: e);
        }
    }

    private static StatResult PerformStat(Stat stat)
    {
        FileSystemInfo info = Directory.Exists(stat.Path) ? new DirectoryInfo(stat.Path) : new FileInfo(stat.Path);
        return info.Exists
            ? new StatResult(stat.Path, (info as FileInfo)?.Length ?? 0, info is DirectoryInfo, info.LastWriteTimeUtc)
            : throw new FileNotFoundException($"{stat.Path} does not exist");
    }

    private static Renamed PerformRename(Rename rename)
    {
        File.Move(rename.Path, rename.NewPath, rename.Overwrite);
        SyncDirectoryOf(rename.NewPath);
        if (DirectoryOf(rename.Path) != DirectoryOf(rename.NewPath))
        {
            SyncDirectoryOf(rename.Path);
        }

        return new Renamed(rename.Path, rename.NewPath);
    }

    private static Deleted PerformDelete(Delete delete)
    {
        if (!File.Exists(delete.Path))
        {
            throw new FileNotFoundException($"{delete.Path} does not exist");
        }

        File.Delete(delete.Path);
        SyncDirectoryOf(delete.Path);
        return new Deleted(delete.Path);
    }

    private static Replaced PerformReplace(Replace replace)
    {
        var path = Path.GetFullPath(replace.Path);
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            WriteDurably(temporary, replace, path);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

        SyncDirectoryOf(path);
        return new Replaced(replace.Path, replace.Data.Length);
    }

    private static void WriteDurably(string temporary, Replace replace, string target)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = File.Exists(target)
                ? File.GetUnixFileMode(target)
                : replace.CreateMode ?? new OpenOptions().CreateMode;
        }

        using var stream = new FileStream(temporary, options);
        stream.Write(replace.Data.Span);
        stream.Flush(flushToDisk: true);
    }

    private static void SyncDirectoryOf(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var directory = DirectoryOf(path);
        var error = LinuxFiles.SyncDirectory(directory);
        if (error < 0)
        {
            throw new SystemCallException($"fsync of the directory {directory}", -error);
        }
    }

    private static string DirectoryOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path))!;

    private sealed class SystemCallException(string what, int errno)
        : Exception($"{what}: {Drivers.Errno.Describe(errno)}")
    {
        public int Errno { get; } = errno;
    }
}
