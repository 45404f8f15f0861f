// R9: a person asks for deletion; the platform's member sees it with its day and confirms with evidence (R8.3, R9.5).
import { desk, sends } from '../../desk.mjs';

export function checks(check) {
  check('a request to delete stands on the platform\'s console until it is confirmed with evidence', async (world) => {
    const person = await (await world.person()).applies();
    const bank = world.platform('bank');
    await bank.listens(person.profile);
    const request = await bank.asks();
    await person.opens(request.url);
    await person.approves({ pin: person.sandbox.pin });
    await bank.returned(person.page);
    await bank.exchanges(request, person.page);
    await person.opens('/me/consents');
    await person.presses('要求删除');
    await person.presses('确定');
    await person.reads(/已要求删除/);
    const member = await desk(world, 'bank-member');
    await member.getByRole('link', { name: '撤回与删除请求' }).click();
    await member.getByRole('cell', { name: '删除', exact: true }).waitFor();
    await sends(member, 'confirm', { evidence: '工单 4711，删除日志已归档' });
    await member.getByText('没有待处理的请求。').waitFor();
    await person.opens('/me/consents');
    await person.reads(/平台已于/);
    // A second one stays for the pictures.
    const again = await bank.asks();
    await person.opens(again.url);
    await person.approves({ pin: person.sandbox.pin });
    await bank.returned(person.page);
    await bank.exchanges(again, person.page);
    await person.opens('/me/consents');
    await person.presses('撤回');
    await person.presses('确定');
    await person.reads(/已撤回/);
  });
}
