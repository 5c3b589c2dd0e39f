using System.Reflection;
using Actors.Engine.Drivers;
using Xunit;

namespace Actors.Engine.Tests.Drivers;

/// <summary>The decision on a completion, kind by kind and result by result; needs no kernel.</summary>
public sealed class CompletionDecisionTests
{
    public static TheoryData<string, FailureReason> Reasons => new()
    {
        { nameof(Errno.EPERM), FailureReason.AccessDenied },
        { nameof(Errno.ENOENT), FailureReason.NotFound },
        { nameof(Errno.EINTR), FailureReason.IoError },
        { nameof(Errno.EIO), FailureReason.IoError },
        { nameof(Errno.ENXIO), FailureReason.NotARegularFile },
        { nameof(Errno.EBADF), FailureReason.IoError },
        { nameof(Errno.EAGAIN), FailureReason.OutOfResources },
        { nameof(Errno.ENOMEM), FailureReason.OutOfResources },
        { nameof(Errno.EACCES), FailureReason.AccessDenied },
        { nameof(Errno.EFAULT), FailureReason.InvalidArgument },
        { nameof(Errno.EBUSY), FailureReason.Locked },
        { nameof(Errno.EEXIST), FailureReason.AlreadyExists },
        { nameof(Errno.ENOTEMPTY), FailureReason.NotEmpty },
        { nameof(Errno.ENOTTY), FailureReason.IoError },
        { nameof(Errno.EXDEV), FailureReason.NotSupported },
        { nameof(Errno.ENODEV), FailureReason.NotARegularFile },
        { nameof(Errno.EMLINK), FailureReason.NoSpace },
        { nameof(Errno.ENOTDIR), FailureReason.NotFound },
        { nameof(Errno.EISDIR), FailureReason.NotARegularFile },
        { nameof(Errno.EINVAL), FailureReason.InvalidArgument },
        { nameof(Errno.ENFILE), FailureReason.TooManyOpenFiles },
        { nameof(Errno.EMFILE), FailureReason.TooManyOpenFiles },
        { nameof(Errno.ETXTBSY), FailureReason.Locked },
        { nameof(Errno.EFBIG), FailureReason.FileTooLarge },
        { nameof(Errno.ENOSPC), FailureReason.NoSpace },
        { nameof(Errno.ESPIPE), FailureReason.NotARegularFile },
        { nameof(Errno.EROFS), FailureReason.ReadOnlyFileSystem },
        { nameof(Errno.ENAMETOOLONG), FailureReason.InvalidArgument },
        { nameof(Errno.ENOSYS), FailureReason.NotSupported },
        { nameof(Errno.ELOOP), FailureReason.NotARegularFile },
        { nameof(Errno.ETIME), FailureReason.TimedOut },
        { nameof(Errno.EOVERFLOW), FailureReason.FileTooLarge },
        { nameof(Errno.EOPNOTSUPP), FailureReason.NotSupported },
        { nameof(Errno.ETIMEDOUT), FailureReason.TimedOut },
        { nameof(Errno.EINPROGRESS), FailureReason.IoError },
        { nameof(Errno.EDQUOT), FailureReason.NoSpace },
        { nameof(Errno.ECANCELED), FailureReason.Cancelled },
    };

    public static TheoryData<string> Kinds => [.. Enum.GetNames<IoKind>()];

    [Theory, MemberData(nameof(Reasons))]
    public void Each_error_number_has_its_reason(string name, FailureReason reason)
    {
        var errno = (int)typeof(Errno).GetField(name)!.GetRawConstantValue()!;
        Assert.Equal(reason, CompletionDecision.ReasonOf(errno));
    }

    [Fact]
    public void No_error_number_is_left_out()
    {
        var named = typeof(Errno).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => field.Name);
        Assert.Equal(named.Order(), Reasons.Select(row => (string)row[0]).Order());
    }

    [Fact]
    public void An_unknown_error_number_is_an_io_error() =>
        Assert.Equal(FailureReason.IoError, CompletionDecision.ReasonOf(4000));

    [Theory]
    [InlineData("Read", 8192, 4196, "Done")]
    [InlineData("Read", 8192, 4096, "Resubmit")]
    [InlineData("Write", 8192, 4196, "Resubmit")]
    public void A_direct_read_that_stops_between_aligned_positions_is_at_the_end(
        string kind, long length, long result, string action)
    {
        var operation = new IoOperation
        {
            Kind = Enum.Parse<IoKind>(kind),
            File = new FileHandle(0) { Alignment = new IoAlignment(512, 4096) },
            Offset = 4096,
            Length = length,
            Result = result,
        };
        Assert.Equal(action, CompletionDecision.Weigh(operation).ToString());
    }

    [Theory]
    [InlineData("Read", 0, 100, 100, "Done", 100)]
    [InlineData("Read", 0, 100, 30, "Resubmit", 30)]
    [InlineData("Read", 30, 100, 70, "Done", 100)]
    [InlineData("Read", 30, 100, 0, "Done", 30)] // The end of the file.
    [InlineData("Read", 0, 0, 0, "Done", 0)]
    [InlineData("Write", 0, 100, 100, "Done", 100)]
    [InlineData("Write", 0, 100, 1, "Resubmit", 1)]
    [InlineData("Write", 99, 100, 1, "Done", 100)]
    [InlineData("Write", 10, 100, 0, "Fail", 10)] // Nothing moved and no error: would repeat for ever.
    [InlineData("Write", 0, 0, 0, "Done", 0)]
    [InlineData("DataSync", 0, 0, 0, "Done", 0)]
    [InlineData("Sync", 0, 0, 0, "Done", 0)]
    [InlineData("Truncate", 0, 50, 0, "Done", 0)]
    [InlineData("Allocate", 0, 50, 0, "Done", 0)]
    [InlineData("Open", 0, 0, 7, "Done", 0)]
    [InlineData("Open", 0, 0, 0, "Done", 0)]
    [InlineData("Close", 0, 0, 0, "Done", 0)]
    public void A_result_that_is_no_error(
        string kind, long done, long length, long result, string action, long doneAfter)
    {
        var operation = Operation(kind, result);
        operation.Done = done;
        operation.Length = length;
        operation.Retries = 5;
        Assert.Equal(Enum.Parse<CompletionAction>(action), CompletionDecision.Weigh(operation));
        Assert.Equal(doneAfter, operation.Done);
        Assert.Equal(0, operation.Retries);
    }

    [Fact]
    public void A_cancel_that_nobody_asked_for_is_a_want_of_resources()
    {
        var operation = Operation("Open", -Errno.ECANCELED);
        Assert.Equal(CompletionAction.Fail, CompletionDecision.Weigh(operation));
        Assert.Equal(FailureReason.OutOfResources, CompletionDecision.ReasonOf((int)-operation.Result));

        operation = Operation("Open", -Errno.ECANCELED);
        operation.CancelRequested = true;
        Assert.Equal(CompletionAction.Fail, CompletionDecision.Weigh(operation));
        Assert.Equal(FailureReason.Cancelled, CompletionDecision.ReasonOf((int)-operation.Result));
    }

    [Fact]
    public void A_read_that_finds_an_empty_file_empty_is_confirmed_by_a_plain_read_once()
    {
        var operation = Operation("Read", 0);
        operation.Length = 10;
        operation.File = new FileHandle(1) { HasUnknownSize = true };
        Assert.Equal(CompletionAction.Resubmit, CompletionDecision.Weigh(operation));
        Assert.True(operation.OnThread);
        operation.Result = 0;
        Assert.Equal(CompletionAction.Done, CompletionDecision.Weigh(operation));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void An_error_fails_at_once(string kind)
    {
        int[] errors = [Errno.EIO, Errno.ENOSPC, Errno.EBADF, Errno.EINVAL];
        foreach (var errno in errors)
        {
            var operation = Operation(kind, -errno);
            operation.Done = 3;
            operation.Length = 10;
            Assert.Equal(CompletionAction.Fail, CompletionDecision.Weigh(operation));
            Assert.Equal(-errno, operation.Result);
            Assert.Equal(3, operation.Done);
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void What_was_interrupted_is_tried_again_up_to_a_bound(string kind)
    {
        if (kind == nameof(IoKind.Close))
        {
            return;
        }

        foreach (var errno in new[] { Errno.EINTR, Errno.EAGAIN })
        {
            var operation = Operation(kind, -errno);
            for (var i = 0; i < CompletionDecision.RetriesMax; i++)
            {
                Assert.Equal(CompletionAction.Resubmit, CompletionDecision.Weigh(operation));
            }

            Assert.Equal(CompletionAction.Fail, CompletionDecision.Weigh(operation));
        }
    }

    [Fact]
    public void Progress_renews_the_retries()
    {
        var operation = Operation("Write", -Errno.EAGAIN);
        operation.Length = 10;
        operation.Retries = CompletionDecision.RetriesMax;
        operation.Result = 1;
        Assert.Equal(CompletionAction.Resubmit, CompletionDecision.Weigh(operation));
        operation.Result = -Errno.EAGAIN;
        Assert.Equal(CompletionAction.Resubmit, CompletionDecision.Weigh(operation));
    }

    [Fact]
    public void What_was_cancelled_is_not_tried_again()
    {
        var operation = Operation("Read", -Errno.EINTR);
        operation.CancelRequested = true;
        Assert.Equal(CompletionAction.Fail, CompletionDecision.Weigh(operation));
    }

    [Fact]
    public void An_interrupted_close_is_a_close()
    {
        var operation = Operation("Close", -Errno.EINTR);
        Assert.Equal(CompletionAction.Done, CompletionDecision.Weigh(operation));
        Assert.Equal(0, operation.Result);
    }

    [Fact]
    public void A_close_is_never_tried_again()
    {
        var operation = Operation("Close", -Errno.EAGAIN);
        Assert.Equal(CompletionAction.Fail, CompletionDecision.Weigh(operation));
        Assert.Equal(-Errno.EAGAIN, operation.Result);
    }

    [Fact]
    public void A_write_that_moves_nothing_is_a_full_device()
    {
        var operation = Operation("Write", 0);
        operation.Length = 10;
        Assert.Equal(CompletionAction.Fail, CompletionDecision.Weigh(operation));
        Assert.Equal(-Errno.ENOSPC, operation.Result);
    }

    [Theory]
    [InlineData(0, 10, 10)]
    [InlineData(4, 10, 6)]
    [InlineData(0, 0x7ffff000, 0x7ffff000)]
    [InlineData(0, 0x1_0000_0000, 0x7ffff000)]
    [InlineData(0x1_0000_0000, 0x1_0000_0010, 0x10)]
    public void A_transfer_asks_for_no_more_than_the_kernel_moves(long done, long length, uint asked) =>
        Assert.Equal(asked, new IoOperation { Done = done, Length = length }.NextLength);

    private static IoOperation Operation(string kind, long result) =>
        new() { Kind = Enum.Parse<IoKind>(kind), Result = result };
}
