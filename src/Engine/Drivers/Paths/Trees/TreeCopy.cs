using System.Runtime.ExceptionServices;
using System.Runtime.Versioning;
using Actors.Engine.Drivers.Blocking;

namespace Actors.Engine.Drivers.Paths.Trees;

/// <summary>
/// Copies a tree: the calling thread and further ones take directories, and pieces of them, from a queue. A file costs
/// seven system calls; names are relative to open directories, and no link in the target is ever followed.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class TreeCopy
{
    private const int Here = LinuxPaths.WorkingDirectory;
    private const int ParallelismMax = 8;

    private readonly CopyTree _command;
    private readonly int _workers;
    private readonly TreeDirectory _top;
    private FileIdentity _target;
    private Exception? _failure;

    public TreeCopy(CopyTree command, ILinuxPaths paths)
    {
        _command = command;
        Paths = paths;
        Options = command.Options ?? new TreeCopyOptions();
        _workers = Options.Parallelism ?? Math.Min(Environment.ProcessorCount, ParallelismMax);
        Queue = new TreeQueue(_workers);
        Tally = new TreeTally(command.Progress);
        _top = new TreeDirectory(paths, null, "\0"u8);
    }

    public ILinuxPaths Paths { get; }

    public TreeCopyOptions Options { get; }

    public TreeQueue Queue { get; }

    public TreeTally Tally { get; }

    public CancellationToken Cancellation => _command.Cancellation;

    /// <summary>Permission bits that created files do not get by themselves.</summary>
    public int Umask { get; } = ReadUmask();

    /// <summary>Something has gone wrong that ends it.</summary>
    public bool IsStopped => Volatile.Read(ref _failure) is not null;

    public TreeCopyReport Run()
    {
        OpenTop();
        Queue.Add(new TreeWork(_top));
        var threads = StartWorkers();

        Work();
        foreach (var thread in threads)
        {
            thread.Join();
        }

        CloseLeftovers();
        if (_failure is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        if (Options.Durable)
        {
            SyncTarget();
        }

        return Tally.End();
    }

    /// <summary>An entry could not be copied: goes on or ends it, as the options say.</summary>
    public void Fail(TreeDirectory directory, ReadOnlySpan<byte> name, string call, int errno)
    {
        var path = directory.PathOf(_command.Path, name);
        var failure = new SystemCallException(call, path, errno);
        if (Options.ContinueOnError)
        {
            Tally.Failed.Add(
                new TreeCopyIssue(path, CompletionDecision.ReasonOf(errno), failure.Message, errno));
        }
        else
        {
            Stop(failure);
        }
    }

    /// <summary>An entry is nothing that can be copied.</summary>
    public void Skip(TreeDirectory directory, ReadOnlySpan<byte> name, FailureReason reason, string cause)
    {
        var path = directory.PathOf(_command.Path, name);
        Tally.Skipped.Add(new TreeCopyIssue(path, reason, $"{path}: {cause}"));
    }

    /// <summary>Whether a directory is the target, which must not be copied, for it would never end.</summary>
    public bool IsTarget(TreeDirectory directory) =>
        directory.Info.Identity == _target && Paths.AreSame(directory.Source, _top.Target);

    /// <summary>Ends it; the first cause counts.</summary>
    public void Stop(Exception failure)
    {
        Interlocked.CompareExchange(ref _failure, failure, null);
        Queue.End();
    }

    /// <summary>As many threads as the system has; the calling one works too.</summary>
    private List<Thread> StartWorkers()
    {
        var threads = new List<Thread>();
        while (threads.Count < _workers - 1)
        {
            var thread = new Thread(Work) { IsBackground = true, Name = "file-engine-copy" };
            try
            {
                thread.Start();
                threads.Add(thread);
            }
            catch (OutOfMemoryException)
            {
                Queue.Lose(_workers - 1 - threads.Count);
                break;
            }
        }

        return threads;
    }

    private void Work()
    {
        try
        {
            new TreeWorker(this).Run();
        }
        catch (Exception e)
        {
            Stop(e);
        }
    }

    private void OpenTop()
    {
        try
        {
            _top.Source = SystemCallException.Check(
                Paths.Open(Here, PathName.Of(_command.Path), LinuxPaths.ReadDirectory), "open", _command.Path);
            SystemCallException.Check(Paths.Stat(_top.Source, out var info), "statx", _command.Path);
            _top.Info = info;
            var target = PathName.Of(_command.Target);
            RefuseTargetWithin(info.Identity, target);
            var error = Paths.MakeDirectory(Here, target, TreeWorker.ModeWhileOpen(info, Options));
            SystemCallException.Check(error == -Errno.EEXIST ? 0 : error, "mkdir", _command.Target);
            _top.Target = SystemCallException.Check(
                Paths.Open(Here, target, LinuxPaths.ReadDirectory), "open", _command.Target);
            SystemCallException.Check(Paths.Stat(_top.Target, out var made), "statx", _command.Target);
            _target = made.Identity;
        }
        catch
        {
            _top.Close();
            throw;
        }
    }

    /// <summary>A copy within its own source would be copied in turn.</summary>
    private void RefuseTargetWithin(FileIdentity source, byte[] target)
    {
        var flags = LinuxFiles.PathOnly | LinuxFiles.CloseOnExec | LinuxPaths.DirectoryOnly;
        var directory = Paths.Open(Here, target, flags);
        if (directory == -Errno.ENOENT)
        {
            directory = Paths.Open(Here, PathName.Split(_command.Target).Directory, flags);
        }

        SystemCallException.Check(directory, "open", _command.Target);
        try
        {
            while (true)
            {
                SystemCallException.Check(Paths.Stat(directory, out var info), "statx", _command.Target);
                if (info.Identity == source && Paths.AreSame(directory, _top.Source))
                {
                    throw new ArgumentException($"{_command.Target} is, or is in, {_command.Path}, which is copied");
                }

                var above = Paths.Open(directory, "..\0"u8, flags);
                if (above == -Errno.EACCES)
                {
                    return;
                }

                SystemCallException.Check(above, "open what is above", _command.Target);
                var isRoot = Paths.Stat(above, out var upper) == 0 && upper.Identity == info.Identity
                    && Paths.AreSame(directory, above);
                Paths.Close(directory);
                directory = above;
                if (isRoot)
                {
                    return;
                }
            }
        }
        finally
        {
            Paths.Close(directory);
        }
    }

    /// <summary>The name of the target too, which is on the same file system.</summary>
    private void SyncTarget()
    {
        var target = Paths.Open(Here, PathName.Of(_command.Target), LinuxPaths.ReadDirectory);
        var error = target < 0 ? target : Paths.SyncFileSystem(target);
        Paths.Close(target);
        SystemCallException.CheckDurable(error, "copy to", _command.Target);
    }

    private void CloseLeftovers()
    {
        while (Queue.TryTakeLeftover(out var work))
        {
            for (var directory = work.Directory; directory?.Release() == true; directory = directory.Parent)
            {
                directory.Close();
            }
        }
    }

    private static int ReadUmask()
    {
        const int Everything = 0x1ff; // 0777: every file is given its mode then.
        try
        {
            var line = File.ReadLines("/proc/self/status").FirstOrDefault(
                line => line.StartsWith("Umask:", StringComparison.Ordinal));
            return line is null ? Everything : Convert.ToInt32(line["Umask:".Length..].Trim(), 8);
        }
        catch (IOException)
        {
            return Everything;
        }
    }
}
