using Actors.Engine.Drivers;
using Actors.Engine.Drivers.Blocking;
using Xunit;

namespace Actors.Engine.Tests.Drivers;

/// <summary>The runtime's exceptions, as the error numbers that the table knows.</summary>
public sealed class PortableCallsTests
{
    [Fact]
    public void Exceptions_become_error_numbers()
    {
        Assert.Equal(Errno.ENOENT, PortableCalls.ErrnoOf(new FileNotFoundException()));
        Assert.Equal(Errno.ENOENT, PortableCalls.ErrnoOf(new DirectoryNotFoundException()));
        Assert.Equal(Errno.EACCES, PortableCalls.ErrnoOf(new UnauthorizedAccessException()));
        Assert.Equal(Errno.ENAMETOOLONG, PortableCalls.ErrnoOf(new PathTooLongException()));
        Assert.Equal(Errno.EBADF, PortableCalls.ErrnoOf(new ObjectDisposedException("file")));
        Assert.Equal(Errno.EFBIG, PortableCalls.ErrnoOf(new ArgumentOutOfRangeException()));
        Assert.Equal(Errno.EINVAL, PortableCalls.ErrnoOf(new ArgumentException()));
        Assert.Equal(Errno.EOPNOTSUPP, PortableCalls.ErrnoOf(new NotSupportedException()));
        Assert.Equal(Errno.EIO, PortableCalls.ErrnoOf(new IOException()));
        Assert.Equal(Errno.EIO, PortableCalls.ErrnoOf(new InvalidOperationException()));
    }

    [SkippableFact]
    public void An_access_error_keeps_the_number_below_it()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no error number below it.");
        var inner = new IOException("Bad file descriptor", Errno.EBADF);
        Assert.Equal(Errno.EBADF, PortableCalls.ErrnoOf(new UnauthorizedAccessException("", inner)));
    }

    [Theory]
    [InlineData(2, Errno.ENOENT)]
    [InlineData(28, Errno.ENOSPC)]
    [InlineData(35, Errno.EAGAIN)]
    [InlineData(63, Errno.ENAMETOOLONG)]
    [InlineData(69, Errno.EDQUOT)]
    [InlineData(89, Errno.ECANCELED)]
    [InlineData(93, Errno.EIO)]
    public void Error_numbers_of_macos_are_translated(int bsd, int linux) =>
        Assert.Equal(linux, PortableCalls.FromBsd(bsd));

    [Fact]
    [Trait("Needs", "permissions")]
    public void Opens_as_the_mode_says()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("actors-open-").FullName, "a");
        try
        {
            var mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            Assert.Throws<FileNotFoundException>(() => PortableCalls.Open(path, OpenMode.Read, mode));
            PortableCalls.Open(path, OpenMode.CreateNew, mode).Safe!.Dispose();
            Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(path) == mode);
            var exists = Assert.Throws<IOException>(() => PortableCalls.Open(path, OpenMode.CreateNew, mode));
            Assert.Equal(Errno.EEXIST, PortableCalls.ErrnoOf(exists));

            File.WriteAllText(path, "content");
            PortableCalls.Open(path, OpenMode.ReadWrite, mode).Safe!.Dispose();
            PortableCalls.Open(path, OpenMode.Append, mode).Safe!.Dispose();
            Assert.Equal("content", File.ReadAllText(path));
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        }
    }
}
