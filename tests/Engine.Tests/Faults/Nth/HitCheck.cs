using Actors.Engine.Drivers;
using Xunit;

namespace Actors.Engine.Tests.Faults.Nth;

/// <summary>Which commands a hit may fail, and how: these and no others.</summary>
internal static class HitCheck
{
    public static void Check(Hit? hit, IReadOnlyList<ScriptedFile> files, IReadOnlyList<AnswerCheck> answers)
    {
        var failures = answers.SelectMany(file => file.Failures).ToList();
        var notOpened = answers.Select(file => file.NotOpened).OfType<CommandFailed>().ToList();
        if (hit is null || IsResumed(hit))
        {
            Assert.Empty(failures);
            Assert.Empty(notOpened);
            return;
        }

        var errno = Told(hit);
        if (hit.Covered.Count > 0)
        {
            Assert.Empty(notOpened);
            var file = files.Single(f => f.Commands.Contains(hit.Covered[0], ReferenceEqualityComparer.Instance));
            var expected = hit.Kind is IoKind.Sync or IoKind.DataSync ? Poisoned(hit, file) : Failed(hit);
            Assert.Equal(expected, failures.Select(Summary));
        }
        else if (hit.Kind is IoKind.Open or IoKind.Truncate)
        {
            Assert.Empty(failures);
            CheckOpen(Assert.Single(notOpened), errno);
        }
        else
        {
            // A chunk for a demand.
            Assert.Equal(IoKind.Read, hit.Kind);
            Assert.Empty(notOpened);
            var failed = Assert.Single(failures);
            Assert.IsType<Demand>(failed.Command);
            Assert.Equal((CompletionDecision.ReasonOf(errno), errno), (failed.Reason, failed.Errno));
        }

        Assert.All(failures.Concat(notOpened), failed => Assert.NotEmpty(failed.Cause));
        Assert.All(failures.Concat(notOpened), failed => Assert.Null(failed.Exception));
    }

    private static void CheckOpen(CommandFailed failed, int errno)
    {
        // The open(2) of a file system that has no direct I/O says EINVAL.
        var noDirect = errno == Errno.EINVAL && ((Open)failed.Command).Options!.Direct;
        var expected = noDirect ? (FailureReason.NotSupported, 0) : (CompletionDecision.ReasonOf(errno), errno);
        Assert.Equal(expected, (failed.Reason, failed.Errno));
    }

    /// <summary>"Once more" answers and short transfers, which the engine goes on from by itself; after an interrupted
    /// close(2) the file is closed, and one that a ring has refused is done otherwise.</summary>
    private static bool IsResumed(Hit hit) =>
        hit.Fault.IsShort || hit.Fault.Errno == Errno.EINTR
        || (hit.Fault.Errno == Errno.EAGAIN && hit.Kind != IoKind.Close)
        || (hit.Fault.Errno == Errno.ECANCELED && hit.Kind == IoKind.Close);

    /// <summary>A cancel that nobody asked for is told as what it means.</summary>
    private static int Told(Hit hit) => hit.Fault.Errno == Errno.ECANCELED ? Errno.EAGAIN : hit.Fault.Errno;

    private static Expected Summary(CommandFailed failed) =>
        new((FileCommand)failed.Command, failed.Reason, failed.Errno, failed.BytesDone);

    /// <summary>The commands of the operation; of gathered writes those that it had not finished.</summary>
    private static IEnumerable<Expected> Failed(Hit hit)
    {
        var done = hit.Done;
        var reason = CompletionDecision.ReasonOf(Told(hit));
        foreach (var command in hit.Covered)
        {
            var performed = Math.Min(done, command.QueuedBytes);
            done -= performed;
            if (performed < command.QueuedBytes || hit.Kind != IoKind.Write)
            {
                yield return new Expected(
                    command, reason, Told(hit), hit.Kind == IoKind.Read ? hit.Done : performed);
            }
        }
    }

    /// <summary>The sync, and everything behind it but the close. A durable write is in the file all the
    /// same.</summary>
    private static IEnumerable<Expected> Poisoned(Hit hit, ScriptedFile file) =>
        from command in file.Commands.SkipWhile(command => !ReferenceEquals(command, hit.Covered[0]))
        where command is not Close
        let done = hit.Covered.Contains(command, ReferenceEqualityComparer.Instance) ? command.QueuedBytes : 0
        select new Expected(command, FailureReason.SyncFailed, Told(hit), done);

    private sealed record Expected(FileCommand Command, FailureReason Reason, int Errno, long BytesDone);
}
