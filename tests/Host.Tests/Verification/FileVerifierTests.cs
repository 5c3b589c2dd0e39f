using Actors.Host.Content;
using Actors.Host.Scenarios;
using Actors.Host.Verification;

namespace Actors.Host.Tests.Verification;

public sealed class FileVerifierTests : IDisposable
{
    // Larger than the verifier's blocks, so that differences are found beyond the first.
    private const int Lines = 20_000;

    private static readonly LineContent LineContent =
        new(TextTemplate.Parse("This is line {line}", "line"), Lines);

    private static readonly BlockContent Blocks = new(1000, 300, seed: 4);

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_file_that_holds_what_it_must_is_complete()
    {
        var verdict = Check(LineContent, Bytes(LineContent));
        Assert.Equal((FileStatus.Complete, (long)Lines), (verdict.Status, verdict.Units));
        Assert.Null(verdict.FirstDifference);
    }

    [Fact]
    public void A_missing_file_is_missing() =>
        Assert.Equal(FileStatus.Missing, Verifier(LineContent).Check(0).Status);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(14, 0)]
    [InlineData(15, 1)]
    [InlineData(30, 2)]
    [InlineData(300_000, 16_374)]
    public void A_truncated_file_is_partial_up_to_its_last_whole_line(int length, int lines)
    {
        var bytes = Bytes(LineContent).AsSpan(0, length).ToArray();
        Assert.Equal(lines, bytes.Count(b => b == '\n'));
        var verdict = Check(LineContent, bytes);
        Assert.Equal((FileStatus.Partial, (long)lines), (verdict.Status, verdict.Units));
        Assert.Equal(length, verdict.FirstDifference);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(333_333)]
    public void A_changed_byte_is_found_where_it_is(int offset)
    {
        var bytes = Bytes(LineContent);
        bytes[offset] ^= 1;
        var verdict = Check(LineContent, bytes);
        Assert.Equal((FileStatus.Different, (long?)offset), (verdict.Status, verdict.FirstDifference));
        Assert.Equal(Bytes(LineContent).AsSpan(0, offset).Count((byte)'\n'), verdict.Units);
    }

    [Fact]
    public void Bytes_beyond_the_end_are_different()
    {
        var bytes = Bytes(LineContent);
        var verdict = Check(LineContent, [.. bytes, (byte)'x']);
        Assert.Equal((FileStatus.Different, (long?)bytes.Length), (verdict.Status, verdict.FirstDifference));
        Assert.Equal(Lines, verdict.Units);
    }

    [Fact]
    public void Blocks_that_are_not_there_leave_the_others_right()
    {
        var bytes = Bytes(Blocks);
        bytes.AsSpan(5000, 2000).Clear();
        var verdict = Check(Blocks, bytes.AsSpan(0, 200_500).ToArray());
        Assert.Equal((FileStatus.Partial, 198L, 5000L), (verdict.Status, verdict.Units, verdict.FirstDifference));
    }

    [Fact]
    public void A_block_in_the_wrong_place_is_different()
    {
        var bytes = Bytes(Blocks);
        bytes.AsSpan(7000, 1000).CopyTo(bytes.AsSpan(9000));
        var verdict = Check(Blocks, bytes);
        Assert.Equal((FileStatus.Different, 299L), (verdict.Status, verdict.Units));
        Assert.Equal(9000, verdict.FirstDifference);
    }

    [Fact]
    public void A_block_of_which_a_part_is_old_is_different()
    {
        var bytes = Bytes(new BlockContent(1000, 300, seed: 4, oldest: 0, generation: 1));
        Bytes(Blocks).AsSpan(7000, 500).CopyTo(bytes.AsSpan(7000));
        var verdict = Check(new BlockContent(1000, 300, seed: 4, oldest: 0, generation: 1), bytes);
        Assert.Equal((FileStatus.Different, 299L), (verdict.Status, verdict.Units));
    }

    [Fact]
    public void Blocks_of_the_layout_and_of_the_overwriting_phase_are_both_right()
    {
        var mixed = new BlockContent(1000, 300, seed: 4, oldest: 0, generation: 1);
        var bytes = Bytes(Blocks);
        Bytes(mixed).AsSpan(7000, 3000).CopyTo(bytes.AsSpan(7000));
        Assert.Equal(FileStatus.Complete, Check(mixed, bytes).Status);
        Assert.Equal(FileStatus.Different, Check(Blocks, bytes).Status);
    }

    private FileVerdict Check(FileContent content, byte[] bytes)
    {
        File.WriteAllBytes(_directory["0.txt"], bytes);
        return Verifier(content).Check(0);
    }

    private FileVerifier Verifier(FileContent content) =>
        new(_directory.Path, FileNameRule.Parse("{file}.txt", 1), content);

    private static byte[] Bytes(LineContent content)
    {
        var bytes = new byte[content.Length(0)];
        var filled = 0;
        var cursor = content.Read(0);
        for (var n = cursor.Fill(bytes); n > 0; n = cursor.Fill(bytes.AsSpan(filled)))
        {
            filled += n;
        }

        Assert.Equal(bytes.Length, filled);
        return bytes;
    }

    private static byte[] Bytes(BlockContent content)
    {
        var bytes = new byte[content.Length(0)];
        for (var i = 0; i < content.Units; i++)
        {
            content.Fill(0, i, bytes.AsSpan(i * content.BlockSize, content.BlockSize));
        }

        return bytes;
    }
}
